import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import type { RoomEntry } from '../../static/features/rooms/room-state.ts';
import { createBrowser, online, openTab, password, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

/** Whole clients with real keys: somebody's account is disabled under way, and enabled again. */

let server: TestServer;
const tabs: TestTab[] = [];
before(async () => {
  server = await startTestServer();
});
after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

const person = async (username: string, displayName: string): Promise<TestTab> => {
  const tab = openTab(createBrowser(server.url));
  tabs.push(tab);
  await signUp(tab, username, displayName);
  return tab;
};
const uidOf = ({ app }: TestTab): string => meUidOf(app.stores.account.get()) ?? '';
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
const asHost = async (name: string, userUid: string): Promise<void> => {
  assert.equal((await server.server.askAsHost(name, { userUid })).ok, true, name);
};

test('the others go on with keys that a disabled account does not get; one press adds it again', async () => {
  const alice = await person('alice', '김앨리스');
  const bob = await person('bob', '이밥');
  const carol = await person('carol', '박캐롤');
  const bobUid = uidOf(bob);
  const made = await alice.app.actions.rooms.createGroup('회의', [bobUid, uidOf(carol)]);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  for (const tab of [bob, carol]) await roomWhere(tab, roomUid, () => true, 'the room');
  carol.app.actions.rooms.open(roomUid);

  await asHost('admin:disable', bobUid);
  const ended = await stateWhere(bob.app.stores.account, ({ phase }) => phase.name === 'signed-out', 'out');
  assert.equal(ended.phase.name === 'signed-out' && ended.phase.endReason, 'account-disabled');
  const back = () => bob.app.actions.account.signIn('bob', password);
  const refused = await back();
  assert.equal(refused.ok ? null : refused.code, 'ACCOUNT_DISABLED');
  // whoever is there makes the next epoch, without having been told to by a person
  const rekeyed = ({ room }: RoomEntry): boolean => room.epoch === 2 && !room.isRekeyNeeded;
  for (const tab of [alice, carol]) await roomWhere(tab, roomUid, rekeyed, 'a new epoch');
  await say(alice, roomUid, '둘이서');
  await roomWhere(carol, roomUid, (entry) => textsOf(entry).includes('둘이서'), 'readable for carol');

  await asHost('admin:enable', bobUid);
  assert.equal((await back()).ok, true);
  await online(bob);
  const asks = await stateWhere(
    alice.app.stores.joinRequests,
    ({ waiting }) => waiting.some((request) => request.roomUid === roomUid),
    'the proposal',
  );
  assert.deepEqual(
    asks.waiting.map(({ userUid, origin }) => [userUid, origin]),
    [[bobUid, 'again']],
  );
  // what this browser had kept goes, and the server puts nobody back by itself
  await stateWhere(bob.app.stores.rooms, ({ byUid }) => !byUid.has(roomUid), 'not in the room');
  assert.equal((await alice.app.actions.rooms.invite(roomUid, [bobUid])).ok, true);
  await roomWhere(bob, roomUid, () => true, 'the room, for bob');
  await stateWhere(alice.app.stores.joinRequests, ({ waiting }) => waiting.length === 0, 'answered');
  await say(alice, roomUid, '다시 셋');
  bob.app.actions.rooms.open(roomUid);
  await roomWhere(bob, roomUid, (entry) => textsOf(entry).includes('다시 셋'), 'readable for bob');
  const entry = bob.app.stores.rooms.get().byUid.get(roomUid);
  assert.ok(entry !== undefined && !textsOf(entry).includes('둘이서'), 'nothing of what was said meanwhile');
});
