import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '#contract/request.ts';
import { createEpoch, epochInput, randomB64, randomUid } from '../../testing/people.ts';
import type { TestEpoch, TestPerson } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

describe('the history of a room for newcomers', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer();
    [alice, bob, carol] = await Promise.all([
      server.connectAs('alice'),
      server.connectAs('bob'),
      server.connectAs('carol'),
    ]);
  });
  after(() => server.stop());

  const historyEpoch = (room: TestRoom, by: TestPerson, history: 0 | 1): TestEpoch =>
    createEpoch({
      roomUid: room.roomUid,
      type: 'group',
      creator: by,
      people: [alice.person, bob.person],
      previous: room.epoch,
      history,
    });
  const next = (room: TestRoom, people: TestPerson[]): TestEpoch =>
    createEpoch({
      roomUid: room.roomUid,
      type: 'group',
      creator: alice.person,
      people,
      previous: room.epoch,
      history: 1,
    });
  const rekey = (client: TestClient, { roomUid }: TestRoom, epoch: TestEpoch) =>
    client.call('room:rekey', { roomUid, epoch: epochInput(epoch) });

  /** Two messages, the history turned on, two more, and carol invited. */
  async function createOpened(): Promise<TestRoom> {
    let room = await createRoom(alice, [bob.person], '인수인계');
    for (let sent = 0; sent < 2; sent += 1) await alice.ask('message:send', messageFor(room));
    const opened = historyEpoch(room, alice.person, 1);
    assert.equal(codeOf(await rekey(alice, room, opened)), 'OK');
    room = { ...room, epoch: opened };
    for (let sent = 0; sent < 2; sent += 1) await alice.ask('message:send', messageFor(room));
    const epoch = next(room, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    return { ...room, epoch };
  }

  test('overtakes who was about to change the room: that is tried again, not refused for good', async () => {
    const room = await createRoom(alice, [bob.person], '회의');
    const late = historyEpoch(room, bob.person, 0);
    assert.equal(codeOf(await rekey(alice, room, historyEpoch(room, alice.person, 1))), 'OK');
    assert.equal(codeOf(await rekey(bob, room, late)), 'EPOCH_CONFLICT');
  });

  test('is turned on by owner or admin only, with an epoch for the same people', async () => {
    const room = await createRoom(alice, [bob.person], '회의');
    const { roomUid } = room;
    const refused = await rekey(bob, room, historyEpoch(room, bob.person, 1));
    assert.equal(codeOf(refused), 'FORBIDDEN');
    await alice.ask('room:set-role', { roomUid, userUid: bob.userUid, role: 'admin' });
    const epoch = historyEpoch(room, bob.person, 1);
    assert.equal(codeOf(await rekey(bob, room, epoch)), 'OK');
    const change = await alice.next('room:changed', (event) => event.epochHash === epoch.hash);
    assert.equal(change.history, true);
    const [newest] = (await alice.ask('room:audit', { roomUid })).entries;
    assert.deepEqual([newest?.action, newest?.details], ['room-history-changed', { history: 'on' }]);
    const quiet = next({ ...room, epoch }, [alice.person, bob.person]);
    assert.equal(codeOf(await rekey(alice, room, quiet)), 'OK');
    const now = (await alice.ask('room:audit', { roomUid })).entries[0];
    assert.equal(now?.id, newest?.id, 'an epoch that changes nothing of it is no entry');
  });

  test('goes back to where it was turned on, and no further', async () => {
    const { roomUid, epoch } = await createOpened();
    const joined = await carol.next('room:joined', (state) => state.room.roomUid === roomUid);
    assert.equal(joined.lastMessage?.seq, 4);
    const me = joined.room.members.find(({ userUid }) => userUid === carol.userUid);
    assert.deepEqual([me?.joinedSeq, me?.readSeq], [3, 4], 'nothing of it is unread');
    const page = await carol.ask('message:page', { roomUid });
    assert.deepEqual(
      page.messages.map(({ seq }) => seq),
      [3, 4],
    );
    assert.equal(page.hasBefore, false);
    await alice.ask('message:send', messageFor({ roomUid, epoch }));
    await carol.next('message:sent', ({ message }) => message.roomUid === roomUid && message.seq === 5);
  });

  test('stays for those who were let in with it when it is turned off, and ends for later ones', async () => {
    const room = await createOpened();
    const { roomUid } = room;
    const dave = await server.connectAs('dave');
    const people = [alice.person, bob.person, carol.person];
    const off = createEpoch({
      roomUid,
      type: 'group',
      creator: alice.person,
      people,
      previous: room.epoch,
      history: 0,
    });
    assert.equal(codeOf(await rekey(alice, room, off)), 'OK');
    const last = nextEpoch({ ...room, epoch: off }, alice.person, [...people, dave.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(last) });
    assert.equal((await dave.ask('message:page', { roomUid })).messages.length, 0);
    assert.equal((await carol.ask('message:page', { roomUid })).messages.length, 2);
    assert.deepEqual((await alice.ask('keys:wanted', { roomUid })).missing, []);
  });

  test('comes with keys that a member shares, each once, for members only', async () => {
    const { roomUid } = await createOpened();
    const { missing } = await bob.ask('keys:wanted', { roomUid });
    assert.deepEqual(missing, [{ userUid: carol.userUid, version: 1, epoch: 2, roomUid }]);
    assert.deepEqual((await carol.ask('keys:wanted', { roomUid })).missing, [], 'she has none to give');
    const wrapOf = async () => (await carol.ask('epoch:list', { roomUid, from: 2, to: 2 })).epochs[0]?.wrap;
    assert.equal(await wrapOf(), null);
    const wrap = randomB64(160);
    const share = { userUid: carol.userUid, version: 1, epoch: 2, wrap };
    assert.deepEqual(await alice.ask('keys:share', { roomUid, wraps: [share] }), { added: 1 });
    await carol.next('keys:shared', (event) => event.roomUid === roomUid);
    assert.equal(await wrapOf(), wrap);
    const other = { ...share, wrap: randomB64(160) };
    assert.deepEqual(await bob.ask('keys:share', { roomUid, wraps: [other] }), { added: 0 });
    assert.equal(await wrapOf(), wrap, 'what is there stays');
    const stranger = { ...share, userUid: randomUid() };
    assert.deepEqual(await bob.ask('keys:share', { roomUid, wraps: [stranger] }), { added: 0 });
    const early = { ...share, epoch: 1 };
    assert.equal(codeOf(await bob.call('keys:share', { roomUid, wraps: [early] })), 'FORBIDDEN');
  });

  test('can be on from the start', async () => {
    const roomUid = randomUid();
    const people = [alice.person, bob.person];
    const epoch = createEpoch({ roomUid, type: 'group', creator: alice.person, people, history: 1 });
    const wish = { roomUid, type: 'group', title: '열린 방', epoch: epochInput(epoch) } as const;
    const { room } = await alice.ask('room:create', wish);
    assert.equal(room.history, true);
    const made: TestRoom = { roomUid, type: 'group', room, epoch };
    await bob.ask('message:send', messageFor(made));
    const all = next(made, [...people, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(all) });
    assert.equal((await carol.ask('message:page', { roomUid })).messages.length, 1);
  });
});
