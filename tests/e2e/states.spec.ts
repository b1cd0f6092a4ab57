/** What a person sees when something is wrong: with a message, with the connection, with what this browser kept. */
import path from 'node:path';
import { databaseName } from '../../server/database/database-file.ts';
import { openWriter } from '../../server/database/open-sqlite.ts';
import type { BrowserContext } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import type { MaruServer } from './maru-server.ts';
import { alice, bob, expect, passwordOf, test } from './office.ts';
import { recordToasts } from './toasts.ts';

/** Somebody with access to the disk changes one byte of the stored envelope with that seq. */
async function tamper({ dataDir }: MaruServer, seq: number): Promise<void> {
  const { sqlite } = await openWriter(path.join(dataDir, databaseName));
  try {
    const envelope = String(sqlite.prepare('select envelope from messages where seq = ?').pluck().get(seq));
    const at = envelope.length - 20;
    const changed = `${envelope.slice(0, at)}${envelope[at] === 'A' ? 'B' : 'A'}${envelope.slice(at + 1)}`;
    const { changes } = sqlite.prepare('update messages set envelope = ? where seq = ?').run(changed, seq);
    expect(changes).toBe(1);
  } finally {
    sqlite.close();
  }
}

test('a message that was changed in the database is called that, and nothing else breaks', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  for (const text of ['첫째 글', '둘째 글', '셋째 글']) await anna.say(text);
  await ben.openRoom(alice.displayName);
  await ben.sees('셋째 글');
  await maru.kill();
  await tamper(maru, 2);
  await maru.start();

  // a browser that has no copy of its own
  const elsewhere = await open(bob);
  await elsewhere.signIn();
  await elsewhere.openRoom(alice.displayName);
  await expect(elsewhere.message(elsewhere.t('chat.tampered'))).toHaveCount(1);
  for (const text of ['첫째 글', '셋째 글']) await elsewhere.sees(text);
  await expect(elsewhere.message('둘째 글')).toHaveCount(0);
  await expectAccessible(elsewhere.page, 'tampered message');
  await elsewhere.say('둘째 글이 이상해요');
  await anna.sees('둘째 글이 이상해요');
});

test('a message that cannot be sent says why, keeps its text, and can be repeated or discarded', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('아직 있을 때');
  await ben.openRoom(alice.displayName);
  await ben.sees('아직 있을 때');
  await maru.kill();
  await anna.say('너무 늦은 글');
  await anna.sees('너무 늦은 글');
  // or it would send the message to a server that still has its receiver
  const closed = anna.page.waitForEvent('close');
  await anna.page.close({ runBeforeUnload: true });
  await closed;
  await maru.start();

  await ben.page.getByRole('button', { name: ben.t('profile.open') }).click();
  await ben.page.getByRole('tab', { name: ben.t('profile.tabSecurity') }).click();
  await ben.page.getByRole('button', { name: ben.t('profile.delete'), exact: true }).click();
  const dialog = ben.page.getByRole('dialog', { name: ben.t('profile.delete'), exact: true });
  await dialog.getByLabel(ben.t('signIn.password'), { exact: true }).fill(passwordOf(bob));
  await dialog.getByRole('button', { name: ben.t('profile.deleteConfirm') }).click();
  await expect(ben.page.getByText(ben.t('signIn.endedDeleted'))).toBeVisible();

  const page = await anna.page.context().newPage();
  await page.goto(maru.lanUrl);
  await page
    .getByRole('navigation', { name: anna.t('shell.rooms') })
    .locator('.room__name')
    .first()
    .click();
  const log = page.locator('.chat__log');
  const reason = log.getByRole('alert');
  await expect(reason).toContainText(anna.t('chat.failed'));
  await expect(reason).toContainText(anna.t('failure.PERSON_DISABLED'));
  await expect(log.getByText('너무 늦은 글', { exact: true })).toBeVisible();
  await expectAccessible(page, 'failed message');
  await log.getByRole('button', { name: anna.t('chat.retry'), exact: true }).click();
  await expect(reason).toContainText(anna.t('failure.PERSON_DISABLED'));
  await page.reload();
  await expect(log.getByText('너무 늦은 글', { exact: true })).toBeVisible();
  await log.getByRole('button', { name: anna.t('chat.discard'), exact: true }).click();
  await expect(log.getByText('너무 늦은 글', { exact: true })).toHaveCount(0);
  await expect(log.getByText('아직 있을 때', { exact: true })).toBeVisible();
});

test('a browser whose storage was cleared asks for the password once', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page, t } = anna;
  // a page of the same address that has nothing open
  await page.goto(`${maru.lanUrl}/healthz`);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('maru');
        request.addEventListener('success', () => resolve());
        request.addEventListener('error', () => reject(new Error('not deleted')));
      }),
  );
  await page.goto(maru.lanUrl);
  await expect(page.getByRole('heading', { name: t('signIn.locked') })).toBeVisible();
  await expectAccessible(page, 'locked screen');
  const rooms = page.getByRole('navigation', { name: t('shell.rooms') });
  const box = page.getByLabel(t('signIn.password'), { exact: true });
  await box.fill('틀린 비밀번호 하나');
  await page.getByRole('button', { name: t('signIn.unlock'), exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toBeVisible();
  await expect(rooms).toHaveCount(0);
  await box.fill(passwordOf(alice));
  await page.getByRole('button', { name: t('signIn.unlock'), exact: true }).click();
  await expect(rooms).toBeVisible();
  await page.reload();
  await expect(rooms).toBeVisible();
  await expect(page.getByRole('heading', { name: t('signIn.locked') })).toHaveCount(0);
});

/** Counts the first tone of each sound instead of playing it. */
const countSounds = `(() => {
  const param = () => ({ value: 0, setValueAtTime() {}, exponentialRampToValueAtTime() {} });
  window.soundsPlayed = 0;
  window.AudioContext = class {
    state = 'running'; currentTime = 0; destination = {};
    resume() { return Promise.resolve(); }
    createGain() { return { gain: param(), connect: (next) => next }; }
    createOscillator() {
      const frequency = param();
      return { frequency, connect: (next) => next, stop() {},
        start() { if (frequency.value === 660) window.soundsPlayed += 1; } };
    }
  };
})();`;

test('a message of somebody else sounds once, one’s own does not', async ({ maru, open }) => {
  const prepare = (context: { addInitScript: (script: { content: string }) => Promise<unknown> }) =>
    context.addInitScript({ content: countSounds }).then(() => undefined);
  const anna = await open(alice, { prepare });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { prepare });
  await ben.signUp();
  await anna.startWith([bob]);
  const sounds = ({ page }: typeof anna): Promise<number> => page.evaluate('window.soundsPlayed');
  const said = await recordToasts(ben.page);
  await anna.say('들리나요?');
  await expect.poll(async () => (await said()).join('\n')).toContain('들리나요?');
  await expect.poll(() => sounds(ben)).toBe(1);
  await ben.openRoom(alice.displayName);
  await ben.sees('들리나요?');
  // in the open conversation nothing has to call for attention
  await ben.say('네, 들려요');
  await anna.sees('네, 들려요');
  expect(await sounds(ben)).toBe(1);
  expect(await sounds(anna)).toBe(0);
});

test('a lost connection counts down to its next attempt, and can be asked for at once', async ({
  maru,
  open,
}) => {
  // the longest pauses that the jitter allows
  const prepare = (context: BrowserContext) =>
    context.addInitScript({ content: 'Math.random = () => 0.999;' }).then(() => undefined);
  const anna = await open(alice, { prepare });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page, t } = anna;
  await maru.kill();
  const words = page.locator('.banner__words').first();
  const [before = '', after = ''] = t('banner.reconnecting', { seconds: '#' }).split('#');
  const secondsLeft = async (): Promise<number> => {
    const text = (await words.textContent()) ?? '';
    return text.startsWith(before) && text.endsWith(after)
      ? Number.parseInt(text.slice(before.length), 10)
      : 0;
  };
  await expect.poll(secondsLeft, { timeout: 120_000, intervals: [100] }).toBeGreaterThanOrEqual(12);
  const first = await secondsLeft();
  await expect
    .poll(
      async () => {
        const seconds = await secondsLeft();
        return seconds > 0 && seconds < first;
      },
      { intervals: [100] },
    )
    .toBe(true);

  // sooner than the countdown would have it
  const attempt = page.waitForEvent('websocket', { timeout: ((await secondsLeft()) - 1) * 1_000 });
  const now = page.getByRole('button', { name: t('banner.now'), exact: true });
  await now.click();
  await attempt;
  await maru.start();
  await expect(async () => {
    if (await now.isVisible()) await now.click({ timeout: 2_000 });
    await expect(words).toBeHidden({ timeout: 2_000 });
  }).toPass();
});
