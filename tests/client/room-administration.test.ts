import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { roleOf } from '../../static/features/rooms/room-state.ts';
import type { RoomEntry } from '../../static/features/rooms/room-state.ts';
import { startCutLine } from './cut-line.ts';
import { connectionLost, createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

/** Whole clients with real keys: who runs a room, who asks to be let in, and what newcomers can read. */

let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let carol: TestTab;
const tabs: TestTab[] = [];

const person = async (username: string, displayName: string): Promise<TestTab> => {
  const tab = openTab(createBrowser(server.url));
  tabs.push(tab);
  await signUp(tab, username, displayName);
  return tab;
};
const uidOf = ({ app }: TestTab): string => meUidOf(app.stores.account.get()) ?? '';
const entryOf = ({ app }: TestTab, roomUid: string): RoomEntry | undefined =>
  app.stores.rooms.get().byUid.get(roomUid);
const done = async (action: Promise<{ ok: boolean }>): Promise<void> => {
  assert.deepEqual(await action, { ok: true, value: undefined });
};
const roomWhere = (tab: TestTab, roomUid: string, fits: (entry: RoomEntry) => boolean, what: string) =>
  stateWhere(
    tab.app.stores.rooms,
    (state) => {
      const entry = state.byUid.get(roomUid);
      return entry !== undefined && fits(entry);
    },
    what,
  );
const textsOf = ({ tail }: RoomEntry): string[] =>
  tail.map(({ content }) => (content.state === 'open' ? content.text : content.state));
const say = async (tab: TestTab, roomUid: string, text: string): Promise<void> => {
  assert.equal((await tab.app.actions.messages.send(roomUid, text)).ok, true);
  await stateWhere(tab.app.stores.outbox, ({ items }) => items.length === 0, `"${text}" sent`);
};

before(async () => {
  server = await startTestServer();
  alice = await person('alice', '김앨리스');
  bob = await person('bob', '이밥');
  carol = await person('carol', '박캐롤');
});
after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

const makeGroup = async (title: string): Promise<string> => {
  const made = await alice.app.actions.rooms.createGroup(title, [uidOf(bob)]);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  await roomWhere(bob, roomUid, () => true, 'the room');
  return roomUid;
};

test('roles, hand-over and policies are the same for everybody at once', async () => {
  const roomUid = await makeGroup('회의');
  const { administration } = alice.app.actions;
  await done(administration.setRole(roomUid, uidOf(bob), 'admin'));
  await roomWhere(bob, roomUid, ({ room }) => roleOf(room, uidOf(bob)) === 'admin', 'bob an admin');
  await done(bob.app.actions.administration.setPolicies(roomUid, { post: 'admins' }));
  await roomWhere(alice, roomUid, ({ room }) => room.policies.post === 'admins', 'an announcement room');
  await done(bob.app.actions.administration.describe(roomUid, '공지만'));
  await done(administration.handOver(roomUid, uidOf(bob)));
  await roomWhere(alice, roomUid, ({ room }) => room.ownerUid === uidOf(bob), 'bob the owner');
  const refused = await administration.setRole(roomUid, uidOf(bob), 'member');
  assert.ok(!refused.ok && refused.code === 'FORBIDDEN');
  const page = await alice.app.actions.administration.audit(roomUid);
  assert.ok(page.ok && page.value.entries.length === 4);
});

test('whoever asks is seen by the owner, let in with keys, and reads what comes', async () => {
  const roomUid = await makeGroup('등산');
  await done(alice.app.actions.administration.setPolicies(roomUid, { isListed: true }));
  const found = await carol.app.actions.administration.discover('등산');
  assert.ok(found.ok && found.value.rooms[0]?.roomUid === roomUid);
  await done(carol.app.actions.administration.ask(roomUid));
  const asks = await stateWhere(
    alice.app.stores.joinRequests,
    ({ waiting }) => waiting.some((request) => request.roomUid === roomUid),
    'the request',
  );
  assert.deepEqual(
    asks.waiting.map(({ userUid }) => userUid),
    [uidOf(carol)],
  );
  await done(alice.app.actions.rooms.invite(roomUid, [uidOf(carol)]));
  await roomWhere(carol, roomUid, () => true, 'the room, for carol');
  await stateWhere(alice.app.stores.joinRequests, ({ waiting }) => waiting.length === 0, 'no request');
  await stateWhere(
    carol.app.stores.joinRequests,
    ({ mine }) => mine.get(roomUid) === 'accepted',
    'carol told',
  );
  await say(alice, roomUid, '어서 오세요');
  carol.app.actions.rooms.open(roomUid);
  await roomWhere(carol, roomUid, (entry) => textsOf(entry).includes('어서 오세요'), 'readable');
});

test('newcomers read back to where the history was turned on, with keys that a member gave them', async () => {
  const roomUid = await makeGroup('인수인계');
  alice.app.actions.rooms.open(roomUid);
  await say(alice, roomUid, '전에 쓴 글');
  await done(alice.app.actions.administration.setHistory(roomUid, true));
  await roomWhere(bob, roomUid, ({ room }) => room.history, 'history on');
  await say(bob, roomUid, '뒤에 쓴 글');
  const dave = await person('dave', '최데이브');
  await done(bob.app.actions.rooms.invite(roomUid, [uidOf(dave)]));
  await roomWhere(dave, roomUid, () => true, 'the room, for dave');
  dave.app.actions.rooms.open(roomUid);
  await roomWhere(dave, roomUid, (entry) => textsOf(entry).join() === '뒤에 쓴 글', 'the history');
  const entry = entryOf(dave, roomUid);
  assert.equal(entry?.room.members.find(({ userUid }) => userUid === uidOf(dave))?.readSeq, 2);
  await say(dave, roomUid, '읽었습니다');
  await roomWhere(bob, roomUid, (known) => known.room.lastSeq === 3, 'the answer');
});

test('a room that was made with its history on is readable from its beginning', async () => {
  const made = await alice.app.actions.rooms.createGroup('전 직원', [uidOf(bob)], true);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  alice.app.actions.rooms.open(roomUid);
  await say(alice, roomUid, '첫 글');
  const frank = await person('frank', '한프랭크');
  await done(alice.app.actions.rooms.invite(roomUid, [uidOf(frank)]));
  await roomWhere(frank, roomUid, () => true, 'the room, for frank');
  frank.app.actions.rooms.open(roomUid);
  await roomWhere(frank, roomUid, (entry) => textsOf(entry).join() === '첫 글', 'the beginning');
});

test('keys that were given to somebody who was away open the history when the room is opened later', async () => {
  const roomUid = await makeGroup('기록실');
  await done(alice.app.actions.administration.setHistory(roomUid, true));
  await say(alice, roomUid, '지난 이야기');
  const line = await startCutLine(server.port);
  try {
    const gina = openTab(createBrowser(line.url));
    tabs.push(gina);
    await signUp(gina, 'gina', '오지나');
    const sharing = alice.app.actions.administration;
    const original = sharing.shareKeys;
    sharing.shareKeys = async () => ({ ok: true, value: undefined });
    await done(alice.app.actions.rooms.invite(roomUid, [uidOf(gina)]));
    sharing.shareKeys = original;
    // the list shows that there is a message and has no key to it
    await roomWhere(gina, roomUid, (entry) => textsOf(entry).join() === 'unreadable', 'no key yet');
    line.cut();
    await connectionLost(gina);
    await done(sharing.shareKeys(roomUid));
    line.mend();
    gina.app.actions.reconnectNow();
    await online(gina);
    gina.app.actions.rooms.open(roomUid);
    await roomWhere(gina, roomUid, (entry) => textsOf(entry).join() === '지난 이야기', 'the history');
  } finally {
    await line.close();
  }
});

test('whoever opens the room gives the keys that nobody has given yet', async () => {
  const roomUid = await makeGroup('연구');
  await done(alice.app.actions.administration.setHistory(roomUid, true));
  await say(alice, roomUid, '기록');
  // invited past the part of the client that shares keys: as if the page had been closed right after
  const erin = await person('erin', '정에린');
  bob.app.actions.rooms.close();
  await roomWhere(bob, roomUid, ({ room }) => room.history, 'history on');
  const sharing = alice.app.actions.administration;
  const original = sharing.shareKeys;
  sharing.shareKeys = async () => ({ ok: true, value: undefined });
  await done(alice.app.actions.rooms.invite(roomUid, [uidOf(erin)]));
  sharing.shareKeys = original;
  await roomWhere(erin, roomUid, () => true, 'the room, for erin');
  erin.app.actions.rooms.open(roomUid);
  await roomWhere(erin, roomUid, (entry) => textsOf(entry).join() === 'unreadable', 'no key yet');
  await roomWhere(bob, roomUid, ({ room }) => room.members.length === 3, 'erin, for bob');
  bob.app.actions.rooms.open(roomUid);
  await roomWhere(erin, roomUid, (entry) => textsOf(entry).join() === '기록', 'the history');
});
