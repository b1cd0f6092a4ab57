import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { ReadReceipts } from '#contract/policies.ts';
import type { Room } from '#contract/rooms.ts';
import { epochInput } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const receiptsOf = ({ policies }: { policies: { readReceipts: ReadReceipts } }): ReadReceipts =>
  policies.readReceipts;

describe('who sees how far others have read', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let erin: TestClient;
  let carol: TestClient;
  let phone: TestClient;
  let room: TestRoom;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    erin = await server.connectAs('erin');
    carol = await server.connectAs('carol');
    phone = await connectTestClient(server.port, bob.person);
  });
  after(async () => {
    phone.close();
    await server.stop();
  });
  beforeEach(async () => {
    room = await createRoom(alice, [bob.person, erin.person], '회의');
    // alice, erin, alice, bob: seq 1 to 4
    for (const client of [alice, erin, alice]) await client.ask('message:send', messageFor(room));
    await bob.ask('message:send', messageFor(room));
    await pass();
  });

  const set = async (readReceipts: ReadReceipts): Promise<void> => {
    await alice.ask('admin:set-policies', { policies: { readReceipts } });
  };
  const pass = async (): Promise<void> => {
    server.clock.advance(300);
    for (const client of [alice, bob, erin, phone]) await client.ask('account:me', {});
  };
  const uidOf = (client: TestClient): string => client.userUid;
  const seqIn = (state: Room, client: TestClient): number | undefined =>
    state.members.find((member) => member.userUid === uidOf(client))?.readSeq;
  /** What somebody is told of the others' cursors, in every answer that has them. */
  const toldTo = async (client: TestClient, of: TestClient): Promise<number[]> => {
    const { roomUid } = room;
    const { room: one } = await client.ask('room:get', { roomUid });
    const list = await client.ask('room:list', {});
    const synced = await client.ask('session:sync', {});
    const changes = await client.ask('room:changes', { roomUid, rev: one.rev });
    const whole = await client.ask('room:changes', { roomUid, rev: 0 });
    const listed = list.rooms.find((state) => state.room.roomUid === roomUid);
    const found = synced.rooms.find((state) => state.room.roomUid === roomUid);
    const cursors = changes.cursors.find((cursor) => cursor.userUid === uidOf(of));
    return [one, listed?.room, found?.room, whole.room?.room]
      .map((state) => (state === undefined ? -1 : (seqIn(state, of) ?? -1)))
      .concat(cursors?.readSeq ?? -1);
  };
  const moves = (client: TestClient) =>
    client.received('cursors:moved').filter((event) => event.roomUid === room.roomUid);

  test('everybody, unless the administrator decided otherwise', async () => {
    await set('everyone');
    assert.deepEqual(await toldTo(erin, bob), [4, 4, 4, 4, 4]);
    await bob.ask('message:send', messageFor(room));
    await alice.ask('room:read', { roomUid: room.roomUid, seq: 4 });
    await pass();
    const expected = { roomUid: room.roomUid, cursors: [{ userUid: alice.userUid, readSeq: 4 }] };
    for (const client of [alice, bob, erin, phone]) assert.deepEqual(moves(client), [expected]);
    assert.deepEqual(moves(carol), []);
  });

  test('nobody: cursors of others leave the server in no answer and no event, one’s own devices agree', async () => {
    await set('off');
    for (const [who, of] of [
      [erin, bob],
      [bob, erin],
      [alice, bob],
    ] as const) {
      assert.deepEqual(await toldTo(who, of), [0, 0, 0, 0, 0]);
    }
    assert.deepEqual(await toldTo(bob, bob), [4, 4, 4, 4, 4]);
    await alice.ask('message:send', messageFor(room));
    await bob.ask('room:read', { roomUid: room.roomUid, seq: 5 });
    await pass();
    const own = { roomUid: room.roomUid, cursors: [{ userUid: bob.userUid, readSeq: 5 }] };
    for (const client of [bob, phone]) assert.deepEqual(moves(client), [own]);
    for (const client of [alice, erin]) assert.deepEqual(moves(client), []);
  });

  test('senders: each learns which of their own messages were read, and of no other', async () => {
    await set('sender');
    // erin has read up to 2, which she wrote; of bob's, the 4th, she has read nothing
    assert.deepEqual(await toldTo(alice, erin), [1, 1, 1, 1, 1], 'the last of alice’s that erin has read');
    assert.deepEqual(await toldTo(bob, erin), [0, 0, 0, 0, 0]);
    assert.deepEqual(await toldTo(alice, bob), [3, 3, 3, 3, 3], 'not the 4th, which is bob’s own');
    assert.deepEqual(await toldTo(erin, bob), [2, 2, 2, 2, 2]);
    await erin.ask('room:read', { roomUid: room.roomUid, seq: 3 });
    await pass();
    const { roomUid } = room;
    const told = { roomUid, cursors: [{ userUid: erin.userUid, readSeq: 3 }] };
    assert.deepEqual(moves(alice), [told]);
    assert.deepEqual(moves(erin), [told]);
    assert.deepEqual([...moves(bob), ...moves(phone)], []);
    await erin.ask('room:read', { roomUid, seq: 4 });
    await pass();
    assert.deepEqual(moves(bob), [{ roomUid, cursors: [{ userUid: erin.userUid, readSeq: 4 }] }]);
    assert.equal(moves(alice).length, 1, 'alice learns nothing of a message that is not hers');
  });

  test('senders learn it of a long absence that ends, too', async () => {
    await set('sender');
    const { roomUid } = room;
    await Promise.all(Array.from({ length: 510 }, () => bob.ask('message:send', messageFor(room))));
    await erin.ask('room:read', { roomUid, seq: 514 });
    await pass();
    const cursorOf = (readSeq: number) => [{ roomUid, cursors: [{ userUid: erin.userUid, readSeq }] }];
    assert.deepEqual(moves(alice), cursorOf(3));
    assert.deepEqual(moves(bob), cursorOf(514));
  });

  test('senders who were removed learn nothing of it any more', async () => {
    await set('sender');
    const { roomUid } = room;
    const sent = await erin.ask('message:send', messageFor(room));
    const epoch = epochInput(nextEpoch(room, alice.person, [alice.person, bob.person]));
    await alice.ask('room:kick', { roomUid, userUid: erin.userUid, epoch });
    await erin.next('room:gone', (event) => event.roomUid === roomUid);
    await alice.ask('room:read', { roomUid, seq: sent.seq });
    await pass();
    assert.deepEqual(moves(erin), []);
    assert.deepEqual(moves(bob), [{ roomUid, cursors: [{ userUid: alice.userUid, readSeq: 4 }] }]);
  });

  test('no change of a room carries how far somebody has read, whatever is decided', async () => {
    await set('off');
    const { roomUid } = room;
    const people = [alice.person, bob.person, erin.person, carol.person];
    const epoch = nextEpoch(room, bob.person, people);
    const { room: answered } = await bob.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    assert.deepEqual([seqIn(answered, alice), seqIn(answered, bob), seqIn(answered, carol)], [0, 4, 4]);
    const joined = await carol.next('room:joined', (state) => state.room.roomUid === roomUid);
    assert.deepEqual(
      [alice, bob, erin, carol].map((client) => seqIn(joined.room, client)),
      [0, 0, 0, 4],
    );
    const changed = await erin.next('room:changed', (event) => event.roomUid === roomUid);
    assert.deepEqual(
      changed.added.map((member) => member.readSeq),
      [4],
    );
  });

  test('a change reaches everybody at once, and is for administrators', async () => {
    await set('everyone');
    await carol.ask('account:me', {});
    const earlier = carol.received('policies:changed').length;
    await set('sender');
    await carol.ask('account:me', {});
    const told = carol.received('policies:changed').slice(earlier);
    assert.deepEqual(told.map(receiptsOf), ['sender']);
    assert.equal(receiptsOf(await carol.ask('session:sync', {})), 'sender');
    assert.equal(receiptsOf(await alice.ask('admin:policies', {})), 'sender');
    const refused = await bob.call('admin:set-policies', { policies: { readReceipts: 'off' } });
    assert.equal(refused.ok ? 'OK' : refused.code, 'FORBIDDEN');
    const overHttp = await alice.http('PATCH', '/api/admin/policies', { policies: {} });
    assert.equal(receiptsOf(overHttp.body as { policies: { readReceipts: ReadReceipts } }), 'sender');
  });
});

test('what was decided outlives a restart', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-policies-'));
  try {
    const first = await startTestServer({ dataDir });
    const alice = await first.connectAs('alice');
    assert.equal(receiptsOf(await alice.ask('admin:policies', {})), 'everyone');
    await alice.ask('admin:set-policies', { policies: { readReceipts: 'off' } });
    await first.stop();
    const second = await startTestServer({ dataDir });
    const again = await connectTestClient(second.port, alice.person);
    assert.equal(receiptsOf(await again.ask('admin:policies', {})), 'off');
    again.close();
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
