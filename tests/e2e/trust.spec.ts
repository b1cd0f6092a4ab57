/** Two people compare their safety number, see what would bring their keys back, and confirm a key that had to be new. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import type { MaruServer } from './maru-server.ts';
import { alice, bob, expect, test } from './office.ts';
import type { Person } from './office.ts';

const press = (where: Page | Locator, { t }: Person, key: Parameters<Person['t']>[0]): Promise<void> =>
  where.getByRole('button', { name: t(key), exact: true }).click();

/** The room's panel, and in it the card of the one other person. */
async function openCard(person: Person, otherName: string): Promise<Locator> {
  const { page, t } = person;
  await page.locator('.head__seal').click();
  const panel = page.getByRole('dialog', { name: t('trust.room') });
  await expect(panel.getByText(t('trust.roomSendable'))).toBeVisible();
  await expectAccessible(page, 'security of a conversation');
  await panel.getByRole('button', { name: new RegExp(`^${otherName}`) }).click();
  const card = page.getByRole('dialog', { name: t('trust.person', { name: otherName }) });
  await expect(card.getByRole('heading', { name: t('trust.number') })).toBeVisible();
  await expectAccessible(page, 'key of a person');
  return card;
}

const groupsOf = (card: Locator): Promise<string[]> => card.locator('.safety__group').allInnerTexts();

async function closeAll({ page }: Person): Promise<void> {
  while ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
}

test('two people compare their safety number, and the light says what signing out would cost', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'typed' });
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const ben = await open(bob, { language: 'en', context: { ...phone, colorScheme: 'dark' } });
  await ben.signUp({ sheet: 'later' });
  await anna.startWith([bob]);
  await anna.say('안녕하세요');
  await ben.openRoom(alice.displayName);
  await ben.sees('안녕하세요');

  await test.step('both screens show the same number', async () => {
    const hers = await openCard(anna, bob.displayName);
    const his = await openCard(ben, alice.displayName);
    const groups = await groupsOf(hers);
    expect(groups).toHaveLength(12);
    for (const group of groups) expect(group).toMatch(/^[0-9]{5}$/);
    expect(await groupsOf(his)).toEqual(groups);
    await hers.getByText(anna.t('trust.code'), { exact: true }).click();
    await hers.getByLabel(anna.t('trust.codeLabel')).fill('maru-sn1:AAAA');
    await press(hers, anna, 'trust.codeCompare');
    await expect(hers.getByText(anna.t('trust.codeUnreadable'))).toBeVisible();
  });

  await test.step('who compared has a mark beside the name, everywhere and after a reload', async () => {
    const { page, t } = anna;
    const card = page.getByRole('dialog', { name: t('trust.person', { name: bob.displayName }) });
    await press(card, anna, 'trust.numberSame');
    await expect(card.getByText(t('trust.verified'), { exact: true })).toBeVisible();
    await expect(card.getByRole('button', { name: t('trust.dropMark') })).toBeVisible();
    await closeAll(anna);
    const named = new RegExp(`^${bob.displayName}\\s?, ${t('rooms.verified')}$`);
    await expect(page.getByRole('main').getByRole('heading', { name: named })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('main').getByRole('heading', { name: named })).toBeVisible();
    await expect(page.locator('.room .verified')).toBeVisible();
    await expectAccessible(page, 'a verified person');
    await closeAll(ben);
    await expect(ben.page.locator('.verified')).toHaveCount(0);
  });

  await test.step('a rehearsal turns the light green, with a sheet that was typed back', async () => {
    const { page, t } = anna;
    await page.getByRole('button', { name: t('me.menu') }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${t('recovery.title')}`) }).click();
    const dialog = page.getByRole('dialog', { name: t('recovery.title') });
    await press(dialog, anna, 'recovery.checkNow');
    await expect(dialog.getByText(t('recovery.lamp.green'))).toBeVisible();
    await expect(dialog.getByText(t('recovery.why.allWell'))).toBeVisible();
    await expectAccessible(page, 'recovery check, green');
    await closeAll(anna);
    await page.getByRole('button', { name: t('profile.open') }).click();
    await press(page, anna, 'profile.signOut');
    await expect(page.getByRole('dialog', { name: t('profile.signOutTitle') })).toBeVisible();
    await expect(page.getByText(t('recovery.warnSheet'))).toHaveCount(0);
  });

  await test.step('red without one, and said before signing out', async () => {
    const { page, t } = ben;
    await press(page, ben, 'common.back');
    await expect(page.getByRole('button', { name: t('sheet.light') })).toBeVisible();
    await page.getByRole('button', { name: t('profile.open') }).click();
    await page.getByRole('tab', { name: t('profile.tabSecurity') }).click();
    await expect(page.getByText(t('recovery.lamp.red'))).toBeVisible();
    await expectAccessible(page, 'recovery check, red');
    await press(page, ben, 'profile.signOut');
    const dialog = page.getByRole('dialog', { name: t('profile.signOutTitle') });
    await expect(dialog.getByText(t('recovery.warnSheet'))).toBeVisible();
    await expect(dialog.getByRole('button', { name: t('common.cancel'), exact: true })).toBeFocused();
    await expectAccessible(page, 'sign-out on red');
  });
});

/** As an administrator makes it at a machine without a browser. */
function resetCodeFor({ dataDir }: MaruServer, username: string): string {
  const cli = path.resolve(import.meta.dirname, '../../dist/server/cli.js');
  const args = ['--cli', 'admin', 'reset-code', username, '--yes', '--json', '--data-dir', dataDir];
  const printed = execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return /"code": *"([^"]+)"/.exec(printed)?.[1] ?? '';
}

/** A browser with nothing in it, a forgotten password, no sheet: the code, another password, a new key. */
async function comeBackByCode(person: Person, code: string): Promise<void> {
  const { page, t } = person;
  await press(page, person, 'signIn.forgot');
  const dialog = page.getByRole('dialog', { name: t('reentry.title') });
  await dialog.getByRole('button', { name: t('reentry.byCode') }).click();
  await dialog.getByLabel(t('signIn.username'), { exact: true }).fill(person.username);
  await dialog.getByLabel(t('reentry.code'), { exact: true }).fill(code);
  await press(dialog, person, 'reentry.next');
  await dialog.getByLabel(t('password.next'), { exact: true }).fill('wide wooden table 1');
  await dialog.getByLabel(t('password.nextRepeat'), { exact: true }).fill('wide wooden table 1');
  await press(dialog, person, 'reentry.next');
  await expect(dialog.getByRole('heading', { name: t('sheet.title') })).toBeVisible();
  await press(dialog, person, 'sheet.later');
  await expect(page.getByRole('navigation', { name: t('shell.rooms') })).toBeVisible();
}

test('whoever had to begin anew waits for a colleague, who types their digits; then everything is readable', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'later' });
  const lost = await open(bob);
  await lost.signUp({ sheet: 'later' });
  await anna.startWith([bob]);
  await anna.say('회의는 세 시입니다');
  await lost.openRoom(alice.displayName);
  await lost.sees('회의는 세 시입니다');
  const card = await openCard(anna, bob.displayName);
  await press(card, anna, 'trust.numberSame');
  await expect(card.getByText(anna.t('trust.verified'), { exact: true })).toBeVisible();
  await closeAll(anna);
  await lost.page.context().close();
  const ben = await open(bob, { language: 'en' });
  await comeBackByCode(ben, resetCodeFor(maru, bob.username));

  const digits = await test.step('the person sees that they wait, why, and what to read out', async () => {
    const { page, t } = ben;
    await ben.openRoom(alice.displayName);
    await expect(page.locator('.chat__notices')).toContainText(t('failure.OWN_VERSION_OLD'));
    await page
      .getByRole('button', { name: t('chat.why') })
      .first()
      .click();
    await expect(page.getByRole('dialog').getByText(t('trust.row.noKeyOwn'))).toBeVisible();
    await expectAccessible(page, 'why a message cannot be read');
    await press(page.getByRole('dialog'), ben, 'trust.ownAction');
    const shown = page.getByRole('dialog', { name: t('trust.ownTitle') }).locator('.digits__groups');
    await expect(shown).toHaveText(/^[0-9]{12}$/);
    await expectAccessible(page, 'digits to read out');
    const text = await shown.innerText();
    await closeAll(ben);
    await expect(page.getByRole('button', { name: new RegExp(t('trust.ownShort')) })).toBeVisible();
    await ben.say('읽어 줄 때까지 기다립니다');
    await expect(page.locator('.chat__log')).toContainText(t('failure.OWN_VERSION_OLD'));
    return text.replaceAll(/\s/g, '');
  });

  await test.step('a colleague sees the change in the room, and types what they hear', async () => {
    const { page, t } = anna;
    const line = page.locator('.chat__notices').getByText(t('trust.changedLine', { name: bob.displayName }));
    await expect(line).toBeVisible();
    await expectAccessible(page, 'a key that changed');
    await press(page.locator('.chat__notices'), anna, 'trust.changedAction');
    const dialog = page.getByRole('dialog', { name: t('trust.person', { name: bob.displayName }) });
    const box = dialog.getByLabel(t('trust.digitsTyped'));
    await box.fill('1234');
    await press(dialog, anna, 'trust.digitsConfirm');
    await expect(dialog.getByText(t('trust.digitsIncomplete'))).toBeVisible();
    await box.fill(digits.startsWith('0') ? '111111111111' : '000000000000');
    await box.press('Enter');
    await expect(dialog.getByText(t('trust.digitsWrong'))).toBeVisible();
    await expectAccessible(page, 'digits that differ');
    await box.fill(digits.replace(/(.{4})/g, '$1 '));
    await box.press('Enter');
    await expect(dialog.getByText(t('trust.personDigits'))).toHaveCount(0);
    await closeAll(anna);
    await expect(line).toHaveCount(0);
  });

  await test.step('everything is readable again, and every room says who confirmed whom', async () => {
    const { page, t } = ben;
    await ben.sees('회의는 세 시입니다');
    await expect(page.getByRole('button', { name: new RegExp(t('trust.ownShort')) })).toHaveCount(0);
    const confirmed = { name: alice.displayName, people: bob.displayName };
    await expect(page.locator('.chat__log')).toContainText(t('chat.confirmed', confirmed));
    await anna.sees('읽어 줄 때까지 기다립니다');
    await expect(anna.page.locator('.chat__log')).toContainText(anna.t('chat.confirmed', confirmed));
    await press(anna.page.locator('.chat__log'), anna, 'chat.compare');
    const changed = anna.page.getByRole('dialog', {
      name: anna.t('trust.person', { name: bob.displayName }),
    });
    await expect(changed.getByText(anna.t('trust.markChanged'))).toBeVisible();
    await closeAll(anna);
  });

  await test.step('whoever had verified the person is asked once before the first message', async () => {
    const { page, t } = anna;
    await anna.composer().fill('이제 보이시나요?');
    await anna.composer().press('Enter');
    const dialog = page.getByRole('dialog', { name: t('trust.send.title', { name: bob.displayName }) });
    await expect(dialog).toBeVisible();
    await expectAccessible(page, 'the first message to a new key');
    await page.keyboard.press('Escape');
    await expect(anna.composer(), 'nothing was sent').toHaveValue('이제 보이시나요?');
    await anna.composer().press('Enter');
    await press(dialog, anna, 'trust.send.goOn');
    await ben.sees('이제 보이시나요?');
    await anna.say('한 번만 묻습니다');
    await ben.sees('한 번만 묻습니다');
  });
});
