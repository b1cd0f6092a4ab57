import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import type { Answer } from '#contract/request.ts';
import { createEnvelope, epochInput } from '../../testing/people.ts';
import { createReaction, createRoom, messageFor, nextEpoch, pollFor } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { editProblem, isRecallable } from './message-editing.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);
const hourMs = 3_600_000;

describe('edited and recalled messages', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let room: TestRoom;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
    room = await createRoom(alice, [bob.person], '회의');
    await bob.next('room:joined', (state) => state.room.roomUid === room.roomUid);
  });
  after(() => server.stop());

  /** A message of bob, and how requests name it. */
  const createMessage = async (client = bob) => {
    const input = messageFor(room);
    await client.ask('message:send', input);
    return {
      roomUid: room.roomUid,
      message: `${client.userUid}.${input.clientId}`,
      envelope: input.envelope,
    };
  };
  const changedRow = async (client: TestClient, name: string): Promise<Message> =>
    (
      await client.next(
        'message:changed',
        ({ message }) => `${message.senderUid}.${message.clientId}` === name,
      )
    ).message;
  const pathOf = ({ roomUid, message }: { roomUid: string; message: string }): string =>
    `/api/rooms/${roomUid}/messages/${message}`;

  test('an edit reaches the room with its number and time, and whoever comes back by the room’s revision', async () => {
    const { envelope, ...place } = await createMessage();
    const { room: unedited } = await alice.ask('room:get', { roomUid: room.roomUid });
    const edit = { ...place, n: 1, envelope: createEnvelope(1) };
    const { rev } = await bob.ask('message:edit', edit);
    assert.equal(rev, unedited.rev + 1);
    for (const client of [alice, bob]) {
      const row = await changedRow(client, place.message);
      assert.deepEqual([row.n, row.envelope, row.rev], [1, edit.envelope, rev]);
      assert.equal(row.editedAt, server.clock.now());
    }
    const { messages } = await alice.ask('room:changes', { roomUid: room.roomUid, rev: rev - 1 });
    assert.deepEqual(
      messages.map(({ n, envelope: text }) => [n, text]),
      [[1, edit.envelope]],
    );
    assert.deepEqual(carol.received('message:changed'), []);

    const { versions } = await alice.ask('message:versions', place);
    assert.deepEqual(
      versions.map((version) => [version.n, version.envelope]),
      [[0, envelope]],
    );
  });

  test('a repeat of an edit changes nothing, over either transport; another edit of the same number is refused', async () => {
    const { envelope: _first, ...place } = await createMessage();
    const edit = { n: 1, envelope: createEnvelope(1) };
    const first = await bob.ask('message:edit', { ...place, ...edit });
    assert.deepEqual(await bob.ask('message:edit', { ...place, ...edit }), first);
    const again = await bob.http('PUT', pathOf(place), edit);
    assert.deepEqual([again.status, again.body], [200, first]);
    const other = { ...place, n: 1, envelope: createEnvelope(1) };
    assert.equal(codeOf(await bob.call('message:edit', other)), 'EDIT_CONFLICT');
    const skipping = { ...place, n: 3, envelope: createEnvelope(1) };
    assert.equal(codeOf(await bob.call('message:edit', skipping)), 'EDIT_CONFLICT');
    const far = { ...skipping, n: limits.editsMax + 1 };
    assert.equal(
      codeOf(await bob.call('message:edit', far)),
      'EDIT_CONFLICT',
      'well-formed, but not the next',
    );
  });

  test('two edits at one moment: one of them counts, the other is told', async () => {
    const { envelope: _first, ...place } = await createMessage();
    const answers = await Promise.all(
      [0, 1].map(() => bob.call('message:edit', { ...place, n: 1, envelope: createEnvelope(1) })),
    );
    assert.deepEqual(answers.map(codeOf).sort(), ['EDIT_CONFLICT', 'OK']);
    assert.equal((await alice.ask('message:versions', place)).versions.length, 1);
  });

  test('nobody edits or recalls what somebody else wrote, and an outsider sees nothing of it', async () => {
    const { envelope: _first, ...place } = await createMessage();
    const edit = { ...place, n: 1, envelope: createEnvelope(1) };
    assert.equal(codeOf(await alice.call('message:edit', edit)), 'FORBIDDEN');
    assert.equal(codeOf(await alice.call('message:recall', place)), 'FORBIDDEN');
    for (const name of ['message:get', 'message:versions', 'message:recall'] as const) {
      assert.equal(codeOf(await carol.call(name, place)), 'NOT_FOUND');
    }
    assert.equal(codeOf(await carol.call('message:edit', edit)), 'NOT_FOUND');
    const elsewhere = await createRoom(carol, [alice.person], '다른 방');
    const wrongRoom = { ...place, roomUid: elsewhere.roomUid };
    assert.equal(codeOf(await alice.call('message:get', wrongRoom)), 'NOT_FOUND');
  });

  test('a recall takes content, earlier texts, reactions and a poll’s votes, and leaves a trace', async () => {
    const { envelope, ...place } = await createMessage();
    await bob.ask('message:edit', { ...place, n: 1, envelope: createEnvelope(1) });
    await alice.ask('reaction:add', { ...place, ...createReaction(room) });
    const { rev } = await bob.ask('message:recall', place);
    const isRecalled = (row: Message): boolean => row.recalledAt !== undefined;
    const { message: row } = await alice.next('message:changed', ({ message }) => isRecalled(message));
    assert.deepEqual([row.envelope, row.rev, row.reactions, row.editedAt], [null, rev, undefined, undefined]);
    assert.deepEqual((await alice.ask('message:versions', place)).versions, []);
    assert.deepEqual(await bob.ask('message:recall', place), { rev });
    assert.equal((await bob.http('DELETE', pathOf(place))).status, 200);
    const edit = { ...place, n: 2, envelope };
    assert.equal(codeOf(await bob.call('message:edit', edit)), 'MESSAGE_RECALLED');
    const reaction = { ...place, ...createReaction(room) };
    assert.equal(codeOf(await alice.call('reaction:add', reaction)), 'MESSAGE_RECALLED');

    const poll = pollFor(room);
    await bob.ask('message:send', poll);
    const name = `${bob.userUid}.${poll.clientId}`;
    await alice.ask('poll:vote', { id: name, optionIds: poll.poll.optionIds.slice(0, 1) });
    assert.equal(
      codeOf(await bob.call('message:edit', { ...place, message: name, n: 1, envelope })),
      'NOT_EDITABLE',
    );
    await bob.ask('message:recall', { roomUid: room.roomUid, message: name });
    assert.notEqual(codeOf(await alice.call('poll:vote', { id: name, optionIds: [] })), 'OK');
  });

  test('a recall is possible only as long as the policy says', async () => {
    const { envelope: _old, ...old } = await createMessage();
    server.clock.advance(24 * hourMs + 2 * 60_000);
    assert.equal(codeOf(await bob.call('message:recall', old)), 'RECALL_TOO_LATE');
    await alice.ask('admin:set-policies', { policies: { recallHours: 48 } });
    await bob.ask('message:recall', old);
    await alice.ask('admin:set-policies', { policies: { recallHours: 0 } });
    const { envelope: _new, ...fresh } = await createMessage();
    assert.equal(codeOf(await bob.call('message:recall', fresh)), 'RECALL_TOO_LATE');
    await alice.ask('admin:set-policies', { policies: { recallHours: 24 } });
  });

  test('somebody who joined later is not told of changes to what was before', async () => {
    const own = await createRoom(alice, [bob.person], '나중에');
    await bob.next('room:joined', (state) => state.room.roomUid === own.roomUid);
    const input = messageFor(own);
    await bob.ask('message:send', input);
    const epoch = nextEpoch(own, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid: own.roomUid, epoch: epochInput(epoch) });
    await carol.next('room:joined', (state) => state.room.roomUid === own.roomUid);
    const place = { roomUid: own.roomUid, message: `${bob.userUid}.${input.clientId}` };
    await bob.ask('message:edit', { ...place, n: 1, envelope: createEnvelope(2) });
    await changedRow(alice, place.message);
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('message:changed'), []);
    assert.equal(codeOf(await carol.call('message:get', place)), 'NOT_FOUND');
    const stale = { ...place, n: 2, envelope: createEnvelope(1) };
    assert.equal(codeOf(await bob.call('message:edit', stale)), 'STALE_EPOCH');
  });

  test('saved and hidden messages are one’s own, on all of one’s browsers', async () => {
    const { envelope: _envelope, ...place } = await createMessage();
    const phone = await server.connectAs('alice');
    for (let round = 0; round < 2; round += 1) await alice.ask('message:save', { ...place, isSaved: true });
    const saved = await phone.next('my:changed');
    assert.deepEqual(
      saved.items.map(({ kind, key }) => [kind, key]),
      [['saved', place.message]],
    );
    const hidden = await alice.http('PUT', `${pathOf(place)}/hidden`, { isHidden: true });
    assert.equal(hidden.status, 200);
    const { my } = await phone.ask('session:sync', {});
    assert.deepEqual([my.isReset, my.items.map(({ kind }) => kind).sort()], [true, ['hidden', 'saved']]);
    await alice.ask('message:save', { ...place, isSaved: false });
    const since = await phone.ask('my:list', { since: my.rev });
    assert.deepEqual(
      since.items.map(({ kind, value }) => [kind, value]),
      [['saved', null]],
    );
    assert.deepEqual(bob.received('my:changed'), []);
    assert.equal(codeOf(await carol.call('message:save', { ...place, isSaved: true })), 'NOT_FOUND');
  });

  test('what was saved can be taken off the list after one has left its room, also twice', async () => {
    const own = await createRoom(alice, [bob.person], '보관');
    await bob.next('room:joined', (state) => state.room.roomUid === own.roomUid);
    const input = messageFor(own);
    await alice.ask('message:send', input);
    const place = { roomUid: own.roomUid, message: `${alice.userUid}.${input.clientId}` };
    await bob.ask('message:save', { ...place, isSaved: true });
    await bob.ask('room:leave', { roomUid: own.roomUid });
    const { rev } = await bob.ask('my:list', {});
    for (let round = 0; round < 2; round += 1) await bob.ask('message:save', { ...place, isSaved: false });
    const { items } = await bob.ask('my:list', { since: rev });
    assert.deepEqual(
      items.map(({ kind, key, value }) => [kind, key, value]),
      [['saved', place.message, null]],
    );
    assert.equal(codeOf(await bob.call('message:save', { ...place, isSaved: true })), 'NOT_FOUND');
  });

  test('in an announcement room those who may not write edit nothing either, and may take back what they wrote', async () => {
    const own = await createRoom(alice, [bob.person], '공지');
    await bob.next('room:joined', (state) => state.room.roomUid === own.roomUid);
    const input = messageFor(own);
    await bob.ask('message:send', input);
    await alice.ask('room:set-policies', { roomUid: own.roomUid, post: 'admins' });
    const place = { roomUid: own.roomUid, message: `${bob.userUid}.${input.clientId}` };
    const edit = { ...place, n: 1, envelope: createEnvelope(1) };
    assert.equal(codeOf(await bob.call('message:edit', edit)), 'POSTING_RESTRICTED');
    const overHttp = await bob.http('PUT', pathOf(place), { n: 1, envelope: edit.envelope });
    assert.equal(overHttp.status, 403);
    await alice.ask('room:set-role', { roomUid: own.roomUid, userUid: bob.userUid, role: 'admin' });
    await bob.ask('message:edit', edit);
    await alice.ask('room:set-role', { roomUid: own.roomUid, userUid: bob.userUid, role: 'member' });
    assert.equal(codeOf(await bob.call('message:edit', edit)), 'OK', 'a repeat is answered');
    await bob.ask('message:recall', place);
    assert.equal((await changedRow(alice, place.message)).n, 1);
  });
});

test('why an edit is not taken', () => {
  const facts = {
    isOwn: true,
    isText: true,
    isRecalled: false,
    n: 1,
    nextN: 2,
    epoch: 3,
    roomEpoch: 3,
    isRekeyNeeded: false,
    mayPost: true,
  };
  assert.equal(editProblem(facts), null);
  assert.equal(editProblem({ ...facts, mayPost: false }), 'POSTING_RESTRICTED');
  assert.equal(editProblem({ ...facts, isOwn: false }), 'FORBIDDEN');
  assert.equal(editProblem({ ...facts, isText: false }), 'NOT_EDITABLE');
  assert.equal(editProblem({ ...facts, isRecalled: true }), 'MESSAGE_RECALLED');
  assert.equal(editProblem({ ...facts, nextN: 1 }), 'EDIT_CONFLICT');
  const { editsMax } = limits;
  assert.equal(editProblem({ ...facts, n: editsMax - 1, nextN: editsMax }), null);
  assert.equal(editProblem({ ...facts, n: editsMax, nextN: editsMax + 1 }), 'TOO_MANY_EDITS');
  assert.equal(editProblem({ ...facts, isRekeyNeeded: true }), 'REKEY_NEEDED');
  assert.equal(editProblem({ ...facts, epoch: 2 }), 'STALE_EPOCH');
});

test('the time for a recall has a minute to spare, and none where it is switched off', () => {
  assert.equal(isRecallable(0, 24 * hourMs + 60_000, 24), true);
  assert.equal(isRecallable(0, 24 * hourMs + 60_001, 24), false);
  assert.equal(isRecallable(0, 0, 0), false);
});
