import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RequestInput, RequestOutput } from '#contract/index.ts';
import type { Answer } from '#contract/request.ts';
import { epochInput, randomUid } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

type Synced = RequestOutput<'session:sync'>;
const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

/** What a client would send that has applied this answer. */
const cacheOf = (synced: Synced): RequestInput<'session:sync'> => ({
  generation: synced.generation,
  peopleRev: synced.peopleRev,
  rooms: synced.rooms.map(({ room }) => ({ roomUid: room.roomUid, rev: room.rev })),
});

describe('catching up', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
  });
  after(() => server.stop());

  const group = (...others: TestClient[]) =>
    createRoom(
      alice,
      others.map((client) => client.person),
      '회의',
    );

  test('a first start gets its rooms, their people and who of them is online, and nothing of other rooms', async () => {
    const room = await group(bob);
    await group(carol);
    const input = messageFor(room);
    await alice.ask('message:send', input);
    const synced = await bob.ask('session:sync', {});
    const [state] = synced.rooms;
    assert.equal(synced.rooms.length, 1);
    assert.equal(state?.room.roomUid, room.roomUid);
    assert.equal(state.lastMessage?.clientId, input.clientId);
    assert.equal(synced.isCacheStale, false);
    assert.deepEqual(synced.changes, []);
    const uids = [alice.userUid, bob.userUid].sort();
    assert.deepEqual(synced.people.map((person) => person.userUid).sort(), uids);
    assert.deepEqual(synced.onlineUids.sort(), uids);
    assert.equal(synced.me.userUid, bob.userUid);
    assert.deepEqual([synced.keysCounter, synced.pinsCounter], [1, 1]);
  });

  test('a client that is current gets nothing but its own cursors', async () => {
    const first = await bob.ask('session:sync', {});
    const again = await bob.ask('session:sync', cacheOf(first));
    assert.deepEqual([again.rooms, again.changes, again.people, again.goneRoomUids], [[], [], [], []]);
    assert.deepEqual(again.myCursors, first.myCursors);
  });

  test('what changed while it was away comes as rows: messages, members, profiles, cursors', async () => {
    const room = await group(bob);
    const { roomUid } = room;
    const cache = cacheOf(await bob.ask('session:sync', {}));
    const input = messageFor(room);
    await alice.ask('message:send', input);
    await alice.ask('account:update', { statusText: '회의 중' });
    let synced = await bob.ask('session:sync', cache);
    let [change] = synced.changes;
    assert.deepEqual(
      change?.messages.map((message) => message.clientId),
      [input.clientId],
    );
    assert.equal(change?.room, null, 'the room itself is as it was');
    assert.deepEqual(
      change.cursors.find((cursor) => cursor.userUid === alice.userUid),
      { userUid: alice.userUid, readSeq: 1 },
    );
    assert.deepEqual(
      synced.people.map((person) => person.statusText),
      ['회의 중'],
    );
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    const known = [{ roomUid, rev: change.rev }];
    const rooms = [...(cache.rooms ?? []).filter((row) => row.roomUid !== roomUid), ...known];
    synced = await bob.ask('session:sync', { ...cache, peopleRev: synced.peopleRev, rooms });
    [change] = synced.changes;
    assert.equal(change?.room?.room.epoch, 2);
    // carol's profile is older than bob's directory, but he has not shared a room with her before
    assert.deepEqual(
      synced.people.map((person) => person.userUid),
      [carol.userUid],
    );
  });

  test('a gap wider than a page resets the room to its tail', async () => {
    const room = await group(bob);
    const { roomUid } = room;
    for (let i = 0; i < 51; i += 1) await alice.ask('message:send', messageFor(room));
    const near = await bob.ask('room:changes', { roomUid, rev: 2 });
    assert.equal(near.isReset, false);
    assert.equal(near.messages.length, 50);
    const far = await bob.ask('room:changes', { roomUid, rev: 1 });
    assert.equal(far.isReset, true);
    assert.deepEqual([far.messages[0]?.seq, far.messages.at(-1)?.seq], [2, 51]);
    const unknown = await bob.ask('room:changes', { roomUid, rev: 1_000 });
    assert.equal(unknown.isReset, true);
    assert.equal(codeOf(await carol.call('room:changes', { roomUid, rev: 1 })), 'NOT_FOUND');
  });

  test('rooms that one is out of are gone; what was said in them meanwhile does not come', async () => {
    const room = await group(bob);
    const { roomUid } = room;
    const cache = cacheOf(await bob.ask('session:sync', {}));
    const epoch = nextEpoch(room, alice.person, [alice.person]);
    await alice.ask('room:kick', { roomUid, userUid: bob.userUid, epoch: epochInput(epoch) });
    await alice.ask('message:send', messageFor({ ...room, epoch }));
    const synced = await bob.ask('session:sync', cache);
    assert.deepEqual(synced.goneRoomUids, [roomUid]);
    assert.deepEqual(synced.changes, []);
    const invented = await carol.ask('session:sync', { ...cache, rooms: [{ roomUid: randomUid(), rev: 1 }] });
    assert.equal(invented.goneRoomUids.length, 1);
  });

  test('a cache of another generation, or from the future, is dropped whole', async () => {
    const first = await bob.ask('session:sync', {});
    const cache = cacheOf(first);
    const future = (cache.rooms ?? []).map((row) => ({ ...row, rev: 10_000 }));
    for (const stale of [
      { ...cache, generation: 'x' },
      { ...cache, rooms: future },
      { ...cache, peopleRev: 9_999 },
    ]) {
      const synced = await bob.ask('session:sync', stale);
      assert.equal(synced.isCacheStale, true);
      assert.equal(synced.rooms.length, first.rooms.length);
      assert.equal(synced.people.length, first.people.length);
      assert.deepEqual(synced.changes, []);
    }
  });

  test('a newcomer’s changes begin where they joined', async () => {
    const room = await group(bob);
    const { roomUid } = room;
    for (let i = 0; i < 3; i += 1) await alice.ask('message:send', messageFor(room));
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    await alice.ask('message:send', messageFor({ ...room, epoch }));
    for (const rev of [0, 1, 99]) {
      const { messages } = await carol.ask('room:changes', { roomUid, rev });
      assert.deepEqual(
        messages.map((message) => message.seq),
        [4],
      );
    }
  });
});
