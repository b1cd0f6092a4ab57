/** Reactions through whole clients and a real server: sealed, counted, merged across epochs, and nowhere readable. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { reactionPills } from '../../static/features/reactions/reaction-state.ts';
import { createBrowser, openTab, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-reactions-'));
let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let carol: TestTab;
let roomUid: string;
const tabs: TestTab[] = [];

const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const rowOf = (tab: TestTab): Message | undefined =>
  tab.app.stores.rooms
    .get()
    .byUid.get(roomUid)
    ?.tail.find(({ message }) => message.seq === 1)?.message;

/** What this person sees below the first message: emojis and people, in order. */
async function seenBy(tab: TestTab): Promise<string[]> {
  const row = rowOf(tab);
  assert.ok(row);
  const emojis = await tab.app.actions.reactions.read(row);
  assert.ok(emojis.ok, JSON.stringify(emojis));
  return reactionPills(row.reactions ?? [], emojis.value, uidOf(tab)).map(
    ({ emoji, people, isMine }) => `${emoji}${people.length}${isMine ? ' mine' : ''}`,
  );
}

/** Resolves when the row has this many people under all of its tokens. */
const counted = (tab: TestTab, count: number): Promise<unknown> =>
  stateWhere(
    tab.app.stores.rooms,
    () => (rowOf(tab)?.reactions ?? []).reduce((sum, { people }) => sum + people.length, 0) === count,
    `${count} reactions`,
  );

async function toggle(tab: TestTab, emoji: string): Promise<void> {
  const row = rowOf(tab);
  assert.ok(row);
  const result = await tab.app.actions.reactions.toggle(row, emoji);
  assert.ok(result.ok, JSON.stringify(result));
}

before(async () => {
  server = await startTestServer({ dataDir });
  for (const name of ['alice', 'bob', 'carol']) {
    const tab = openTab(createBrowser(server.url));
    tabs.push(tab);
    await signUp(tab, name, name);
  }
  const [first, second, third] = tabs;
  assert.ok(first && second && third);
  [alice, bob, carol] = [first, second, third];
  const made = await alice.app.actions.rooms.createGroup('결산 TF', [uidOf(bob), uidOf(carol)]);
  assert.ok(made.ok, JSON.stringify(made));
  ({ roomUid } = made.value);
  for (const tab of tabs) {
    await stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room');
    tab.app.actions.rooms.open(roomUid);
  }
  const sent = await alice.app.actions.messages.send(roomUid, '3시에 봐요');
  assert.ok(sent.ok);
  for (const tab of tabs) await stateWhere(tab.app.stores.rooms, () => rowOf(tab) !== undefined, 'the row');
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

test('everybody reads the same, in the order in which it came', async () => {
  await toggle(bob, '👍️');
  await counted(carol, 1);
  await toggle(carol, '👍');
  await counted(alice, 2);
  await toggle(alice, '🎉');
  for (const tab of tabs) await counted(tab, 3);
  assert.deepEqual(await seenBy(alice), ['👍️2', '🎉1 mine']);
  assert.deepEqual(await seenBy(bob), ['👍️2 mine', '🎉1']);
  await toggle(alice, '🎉');
  await counted(bob, 2);
  assert.deepEqual(await seenBy(bob), ['👍️2 mine']);
});

test('the emoji stays known when the one who sealed it first takes it back', async () => {
  await toggle(bob, '👍️');
  // what bob's own browser shows decides whether he takes back or reacts
  for (const tab of [alice, bob]) await counted(tab, 1);
  assert.deepEqual(await seenBy(alice), ['👍️1']);
  await toggle(bob, '👍️');
  for (const tab of tabs) await counted(tab, 2);
});

test('after somebody was removed, reactions are sealed anew, count with the earlier ones, and are not theirs to read', async () => {
  const gone = stateWhere(carol.app.stores.rooms, ({ byUid }) => !byUid.has(roomUid), 'no room any more');
  const lastSeen = rowOf(carol);
  const kicked = await alice.app.actions.rooms.kick(roomUid, uidOf(carol));
  assert.ok(kicked.ok, JSON.stringify(kicked));
  await gone;
  // bob's client may not have heard of the new key yet: the server refuses, and it seals again by itself
  await toggle(bob, '🙏');
  await toggle(alice, '👍️');
  for (const tab of [alice, bob]) await counted(tab, 4);
  const tokens = (rowOf(alice)?.reactions ?? []).map(({ sealed }) => sealed.split('.')[1]);
  assert.deepEqual(tokens, ['1', '2', '2'], 'of both epochs');
  assert.deepEqual(await seenBy(bob), ['👍️3 mine', '🙏1 mine']);
  assert.ok(lastSeen);
  const late = await carol.app.actions.reactions.toggle({ ...lastSeen, reactions: [] }, '🙏');
  assert.equal(late.ok, false, 'a removed member reacts no more');
  await toggle(alice, '👍️');
  await counted(bob, 3);
  assert.deepEqual(await seenBy(bob), ['👍️2 mine', '🙏1 mine']);
});

test('without a connection nothing is made, and it is said', async () => {
  await server.stop();
  await stateWhere(bob.app.stores.connection, ({ phase }) => phase !== 'online', 'a lost connection');
  const row = rowOf(bob);
  assert.ok(row);
  const result = await bob.app.actions.reactions.toggle(row, '🎉');
  assert.deepEqual([result.ok, !result.ok && result.code], [false, 'OFFLINE']);
});

test('no emoji is anywhere in what the server wrote', () => {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  assert.ok(files.length > 0);
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(path.join(parentPath, name));
    for (const emoji of ['👍', '🎉', '🙏']) assert.equal(bytes.indexOf(emoji), -1, `${emoji} in ${name}`);
  }
});
