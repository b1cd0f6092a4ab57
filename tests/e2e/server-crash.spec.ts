/** The server dies in the middle of a conversation; the people hardly notice. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { alice, bob, expect, test } from './office.ts';
import type { Person } from './office.ts';

/** The texts on screen that a test wrote, in their order. */
async function numbered(person: Person): Promise<string[]> {
  const texts = await person.page.locator('.chat__log').innerText();
  return texts.match(/글-\d+-끝/g) ?? [];
}

test('what is written while the server is dead arrives once, in order, after it is back', async ({
  maru,
  open,
}) => {
  // high enough for every row to be on screen at once
  const context = { viewport: { width: 1360, height: 2_400 } };
  const anna = await open(alice, { context });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob, { context });
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('글-0-끝');
  await ben.openRoom(alice.displayName);
  await ben.sees('글-0-끝');

  const expected = ['글-0-끝'];
  for (let round = 0; round < 4; round += 1) {
    // killed while messages are under way, and some more are written while it is dead
    for (let index = 0; index < 3; index += 1) {
      expected.push(`글-${expected.length}-끝`);
      await anna.say(expected.at(-1) ?? '');
    }
    await maru.kill();
    for (let index = 0; index < 3; index += 1) {
      expected.push(`글-${expected.length}-끝`);
      await anna.say(expected.at(-1) ?? '');
    }
    await expect(anna.page.getByRole('status').or(anna.page.getByRole('alert')).first()).toBeVisible();
    await maru.start();
    await ben.sees(expected.at(-1) ?? '');
  }
  await expect.poll(() => numbered(anna)).toEqual(expected);
  await expect.poll(() => numbered(ben)).toEqual(expected);
  await ben.page.reload();
  await ben.openRoom(alice.displayName);
  await expect.poll(() => numbered(ben)).toEqual(expected);
});

test('an unsent message survives a reload and a closed tab', async ({ maru, open }) => {
  const anna = await open(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say('먼저 보낸 글');
  await ben.openRoom(alice.displayName);
  await ben.sees('먼저 보낸 글');
  await maru.kill();
  await anna.say('서버가 없을 때 쓴 글');
  await anna.sees('서버가 없을 때 쓴 글');
  const closed = anna.page.waitForEvent('close');
  await anna.page.close({ runBeforeUnload: true });
  await closed;
  await maru.start();
  const again = await anna.page.context().newPage();
  await again.goto(maru.lanUrl);
  await ben.sees('서버가 없을 때 쓴 글');
  await expect(ben.message('서버가 없을 때 쓴 글')).toHaveCount(1);
});

function* filesOf(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const kind = statSync(file);
    if (kind.isDirectory()) yield* filesOf(file);
    // the line for admin commands is a socket, in which nothing stays
    else if (kind.isFile()) yield file;
  }
}

/** Sends a memo to the first person of the directory. */
async function writeMemo({ page, t }: Person, text: string): Promise<void> {
  const rooms = page.getByRole('navigation', { name: t('shell.rooms') });
  await rooms.getByRole('button', { name: t('memos.title'), exact: true }).click();
  await page.getByRole('button', { name: t('memos.write'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('option').first().click();
  await dialog.getByLabel(t('memos.text'), { exact: true }).fill(text);
  await dialog.getByRole('button', { name: t('memos.send'), exact: true }).click();
  await expect(dialog).toBeHidden();
}

test('the server’s files, logs, metrics and answers hold no word of what was said', async ({
  maru,
  open,
}) => {
  const canary = '카나리아-비밀-Zx9Qw';
  const draft = '초안-카나리아-Yk3';
  const memo = '쪽지-카나리아-Wm7';
  const bodies: string[] = [];
  const anna = await open(alice, {
    prepare: async (context) => {
      context.on('request', (request) => void bodies.push(`${request.url()} ${request.postData() ?? ''}`));
      context.on('response', (response) => {
        if (/\/api\/|socket\.io/.test(response.url()))
          void response.text().then(
            (text) => bodies.push(text),
            () => undefined,
          );
      });
      context.on('page', (page) =>
        page.on('websocket', (socket) => {
          socket.on('framesent', ({ payload }) => void bodies.push(String(payload)));
          socket.on('framereceived', ({ payload }) => void bodies.push(String(payload)));
        }),
      );
    },
  });
  await anna.signUp({ setUpCode: maru.setUpCode, sheet: 'typed' });
  const ben = await open(bob);
  await ben.signUp();
  await anna.startWith([bob]);
  await anna.say(canary);
  await ben.openRoom(alice.displayName);
  await ben.sees(canary);
  await writeMemo(anna, memo);
  await anna.openRoom(bob.displayName);
  await anna.composer().fill(draft);
  await anna.page.reload();
  await expect(anna.page.getByRole('navigation', { name: anna.t('shell.rooms') })).toBeVisible();
  const metrics = await (await fetch(`http://127.0.0.1:${maru.port}/metrics`)).text();
  await maru.kill();

  // as text and in the encodings it could hide in
  const secrets = [canary, draft, memo, `alice 마루 비밀번호 1`].flatMap((text) => [
    Buffer.from(text),
    // wherever the text begins in what was encoded: twelve of its bytes at each of the three alignments
    ...[0, 1, 2].flatMap((skip) => {
      const bytes = Buffer.from(text).subarray(skip, skip + 12);
      return [Buffer.from(bytes.toString('base64')), Buffer.from(bytes.toString('base64url'))];
    }),
    Buffer.from(
      JSON.stringify(text)
        .slice(1, -1)
        .replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`),
    ),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(text, 'utf16le'),
  ]);
  expect(bodies.join('\n').length).toBeGreaterThan(1_000);
  const places = new Map<string, Buffer>([
    ['output', Buffer.from(maru.output())],
    ['metrics', Buffer.from(metrics)],
    ['bodies', Buffer.from(bodies.join('\n'))],
  ]);
  for (const file of filesOf(maru.dataDir)) places.set(path.basename(file), readFileSync(file));
  expect([...places.keys()].some((name) => name.endsWith('-wal') || name.endsWith('.db'))).toBe(true);
  for (const [place, bytes] of places)
    for (const secret of secrets) expect(bytes.includes(secret), `${place} holds a secret`).toBe(false);
});
