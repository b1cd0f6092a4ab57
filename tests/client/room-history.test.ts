import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import type { RoomEntry } from '../../static/features/rooms/room-state.ts';
import { createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

/** Who joined and left a group is told again by a page that was loaded anew, from the records it then has to fetch. */

let server: TestServer;
const tabs: TestTab[] = [];
const browsers = new Map<TestTab, Browser>();

const person = async (username: string, displayName: string): Promise<TestTab> => {
  const browser = createBrowser(server.url);
  const tab = openTab(browser);
  tabs.push(tab);
  browsers.set(tab, browser);
  await signUp(tab, username, displayName);
  return tab;
};
const reload = async (tab: TestTab): Promise<TestTab> => {
  const browser = browsers.get(tab);
  assert.ok(browser);
  await tab.close();
  const fresh = openTab(browser);
  tabs.push(fresh);
  browsers.set(fresh, browser);
  await fresh.app.start();
  await online(fresh);
  return fresh;
};
const uidOf = ({ app }: TestTab): string => meUidOf(app.stores.account.get()) ?? '';
const entryOf = ({ app }: TestTab, roomUid: string): RoomEntry | undefined =>
  app.stores.rooms.get().byUid.get(roomUid);
const done = async (action: Promise<{ ok: boolean }>): Promise<void> => {
  assert.equal((await action).ok, true);
};
const say = async (tab: TestTab, roomUid: string, text: string): Promise<void> => {
  await done(tab.app.actions.messages.send(roomUid, text));
  await stateWhere(tab.app.stores.outbox, ({ items }) => items.length === 0, `"${text}" sent`);
};
const knows = (tab: TestTab, roomUid: string): Promise<unknown> =>
  stateWhere(tab.app.stores.rooms, (state) => state.byUid.has(roomUid), 'the room');
const isUpToDate = (entry: RoomEntry | undefined): boolean =>
  entry?.room.epoch === 4 && entry.room.lastSeq === 1;
/** The lines that are known, once the one of `epoch` and the newest one, of epoch 4, are among them. */
const linesFrom = async (tab: TestTab, roomUid: string, epoch: number) => {
  await stateWhere(
    tab.app.stores.rooms,
    () => {
      const changes = entryOf(tab, roomUid)?.keys.changes ?? [];
      return changes[0]?.epoch === epoch && changes.at(-1)?.epoch === 4;
    },
    `lines from epoch ${epoch} on`,
  );
  return (entryOf(tab, roomUid)?.keys.changes ?? []).map((change) => ({
    epoch: change.epoch,
    added: change.added,
    removed: change.removed,
    afterSeq: change.afterSeq,
  }));
};

let alice: TestTab;
let bob: TestTab;
let carol: TestTab;
let roomUid: string;

before(async () => {
  server = await startTestServer();
  alice = await person('alice', '김앨리스');
  bob = await person('bob', '이밥');
  carol = await person('carol', '박캐롤');
  const made = await alice.app.actions.rooms.createGroup('설비', [uidOf(bob)]);
  assert.ok(made.ok);
  ({ roomUid } = made.value);
  await knows(bob, roomUid);
  alice.app.actions.rooms.open(roomUid);
  await done(alice.app.actions.rooms.rename(roomUid, '설비 점검 60'));
  await done(alice.app.actions.rooms.kick(roomUid, uidOf(bob)));
  // or the room that bob knows afterwards may be the one before he was put out
  await stateWhere(bob.app.stores.rooms, ({ byUid }) => !byUid.has(roomUid), 'no room any more');
  await done(alice.app.actions.rooms.invite(roomUid, [uidOf(bob)]));
  await knows(bob, roomUid);
  await done(alice.app.actions.rooms.invite(roomUid, [uidOf(carol)]));
  await knows(carol, roomUid);
  // Nothing was written before: opening older rows would load the older records, too.
  await say(alice, roomUid, '다 모였네요');
  for (const tab of [alice, bob, carol]) {
    await stateWhere(tab.app.stores.rooms, () => isUpToDate(entryOf(tab, roomUid)), 'the newest epoch');
  }
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

test('a reloaded page tells again who was there from the beginning, who left and who came', async () => {
  const expected = [
    { epoch: 1, added: [], removed: [], afterSeq: 0 },
    { epoch: 2, added: [], removed: [uidOf(bob)], afterSeq: 0 },
    { epoch: 3, added: [uidOf(bob)], removed: [], afterSeq: 0 },
    { epoch: 4, added: [uidOf(carol)], removed: [], afterSeq: 0 },
  ];
  assert.deepEqual(await linesFrom(alice, roomUid, 1), expected);
  alice = await reload(alice);
  alice.app.actions.rooms.open(roomUid);
  assert.deepEqual(await linesFrom(alice, roomUid, 1), expected);
  const { keys } = entryOf(alice, roomUid) ?? {};
  // the details pane dates the key by the change of the newest epoch
  assert.equal(keys?.changes.at(-1)?.epoch, keys?.verdict?.epoch);
});

test('who came later sees lines from then on only, before and after a reload', async () => {
  bob.app.actions.rooms.open(roomUid);
  carol.app.actions.rooms.open(roomUid);
  const sinceCarol = [{ epoch: 4, added: [uidOf(carol)], removed: [], afterSeq: 0 }];
  const sinceBob = [{ epoch: 3, added: [uidOf(bob)], removed: [], afterSeq: 0 }, ...sinceCarol];
  assert.deepEqual(await linesFrom(carol, roomUid, 4), sinceCarol);
  assert.deepEqual(await linesFrom(bob, roomUid, 3), sinceBob);
  carol = await reload(carol);
  carol.app.actions.rooms.open(roomUid);
  bob = await reload(bob);
  bob.app.actions.rooms.open(roomUid);
  assert.deepEqual(await linesFrom(carol, roomUid, 4), sinceCarol);
  assert.deepEqual(await linesFrom(bob, roomUid, 3), sinceBob);
});
