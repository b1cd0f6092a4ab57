import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Reaction } from '#contract/reactions.ts';
import type { Answer } from '#contract/request.ts';
import { epochInput, randomB64 } from '../../testing/people.ts';
import { createReaction, createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

type Target = { roomUid: string; message: string };

describe('reactions', () => {
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

  const createGroup = async (...others: TestClient[]): Promise<TestRoom> => {
    const room = await createRoom(
      alice,
      others.map((client) => client.person),
      '회의',
    );
    for (const client of others)
      await client.next('room:joined', (state) => state.room.roomUid === room.roomUid);
    return room;
  };

  /** A message of alice, and how requests name it. */
  const createTarget = async (room: TestRoom): Promise<Target> => {
    const { clientId } = await sendFrom(alice, room);
    return { roomUid: room.roomUid, message: `${alice.userUid}.${clientId}` };
  };
  const sendFrom = async (client: TestClient, room: TestRoom) => {
    const input = messageFor(room);
    const { seq } = await client.ask('message:send', input);
    return { clientId: input.clientId, seq };
  };
  const changeOf = async (
    client: TestClient,
    { message }: Target,
    rev: number,
  ): Promise<Reaction[] | undefined> => {
    const event = await client.next(
      'message:changed',
      (payload) =>
        `${payload.message.senderUid}.${payload.message.clientId}` === message && payload.message.rev === rev,
    );
    return event.message.reactions;
  };

  test('a reaction reaches everybody in the room with the row, and nobody else', async () => {
    const room = await createGroup(bob);
    const target = await createTarget(room);
    const smile = createReaction(room);
    const { rev } = await bob.ask('reaction:add', { ...target, ...smile });
    const expected = [{ ...smile, people: [bob.userUid] }];
    for (const client of [alice, bob]) assert.deepEqual(await changeOf(client, target, rev), expected);
    const page = await alice.ask('message:page', { roomUid: room.roomUid });
    assert.deepEqual([page.messages[0]?.reactions, page.messages[0]?.rev, page.rev], [expected, rev, rev]);
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('message:changed'), []);
    assert.equal(
      codeOf(await carol.call('reaction:add', { ...target, ...createReaction(room) })),
      'NOT_FOUND',
    );
    assert.equal(codeOf(await carol.call('reaction:remove', { ...target, token: smile.token })), 'NOT_FOUND');
  });

  test('those who react alike are counted together, in order, and a repeat changes nothing', async () => {
    const room = await createGroup(bob, carol);
    const target = await createTarget(room);
    const smile = createReaction(room);
    const first = await alice.ask('reaction:add', { ...target, ...smile });
    const own = { ...createReaction(room), token: smile.token };
    const second = await bob.ask('reaction:add', { ...target, ...own });
    assert.ok(second.rev > first.rev);
    assert.deepEqual(await bob.ask('reaction:add', { ...target, ...own }), second);
    const { token, sealed } = own;
    const address = `/api/rooms/${target.roomUid}/messages/${target.message}/reactions/${token}`;
    assert.deepEqual((await bob.http('PUT', address, { sealed })).body, second);
    assert.deepEqual(await changeOf(carol, target, second.rev), [
      { ...smile, people: [alice.userUid, bob.userUid] },
    ]);
    const { rev } = await carol.ask('room:get', { roomUid: room.roomUid }).then((state) => state.room);
    assert.equal(rev, second.rev, 'the repeats did not bump anything');
  });

  test('when the first one takes it back, the emoji is known from the next', async () => {
    const room = await createGroup(bob);
    const target = await createTarget(room);
    const smile = createReaction(room);
    const bobs = { ...createReaction(room), token: smile.token };
    await alice.ask('reaction:add', { ...target, ...smile });
    await bob.ask('reaction:add', { ...target, ...bobs });
    const removed = await alice.ask('reaction:remove', { ...target, token: smile.token });
    assert.deepEqual(await changeOf(bob, target, removed.rev), [{ ...bobs, people: [bob.userUid] }]);
    assert.deepEqual(await alice.ask('reaction:remove', { ...target, token: smile.token }), removed);
    const address = `/api/rooms/${target.roomUid}/messages/${target.message}/reactions/${smile.token}`;
    const last = (await bob.http('DELETE', address)).body as { rev: number }; // the server checks its own answers in tests
    assert.equal(await changeOf(alice, target, last.rev), undefined, 'the part is gone with the last one');
  });

  test('only the newest epoch counts; taking back is always possible', async () => {
    const room = await createGroup(bob);
    const target = await createTarget(room);
    const old = createReaction(room);
    await bob.ask('reaction:add', { ...target, ...old });
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person]);
    await alice.ask('room:rekey', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    assert.equal(
      codeOf(await alice.call('reaction:add', { ...target, ...createReaction(room) })),
      'STALE_EPOCH',
    );
    assert.equal(
      codeOf(await bob.call('reaction:add', { ...target, ...old })),
      'OK',
      'a repeat of an old one',
    );
    const fresh = createReaction({ epoch });
    await alice.ask('reaction:add', { ...target, ...fresh });
    const { rev } = await bob.ask('reaction:remove', { ...target, token: old.token });
    assert.deepEqual(await changeOf(alice, target, rev), [{ ...fresh, people: [alice.userUid] }]);
  });

  test('after somebody left, nothing is taken before the room has a new key', async () => {
    const room = await createGroup(bob, carol);
    const target = await createTarget(room);
    await carol.ask('room:leave', { roomUid: room.roomUid });
    assert.equal(
      codeOf(await bob.call('reaction:add', { ...target, ...createReaction(room) })),
      'REKEY_NEEDED',
    );
    assert.equal(
      codeOf(await carol.call('reaction:add', { ...target, ...createReaction(room) })),
      'NOT_FOUND',
    );
  });

  test('a removed member reacts no more, and what they reacted stays', async () => {
    const room = await createGroup(bob, carol);
    const target = await createTarget(room);
    const smile = createReaction(room);
    await carol.ask('reaction:add', { ...target, ...smile });
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person]);
    const { roomUid } = room;
    await alice.ask('room:kick', { roomUid, userUid: carol.userUid, epoch: epochInput(epoch) });
    assert.equal(
      codeOf(await carol.call('reaction:add', { ...target, ...createReaction({ epoch }) })),
      'NOT_FOUND',
    );
    assert.equal(codeOf(await carol.call('reaction:remove', { ...target, token: smile.token })), 'NOT_FOUND');
    const { messages } = await bob.ask('message:page', { roomUid });
    assert.deepEqual(messages[0]?.reactions, [{ ...smile, people: [carol.userUid] }]);
  });

  test('whoever joined later neither sees nor makes reactions to what was before', async () => {
    const room = await createGroup(bob);
    const target = await createTarget(room);
    const { roomUid } = room;
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    await carol.next('room:joined', (state) => state.room.roomUid === roomUid);
    const { rev } = await bob.ask('reaction:add', { ...target, ...createReaction({ epoch }) });
    assert.equal((await changeOf(alice, target, rev))?.length, 1);
    assert.equal(
      codeOf(await carol.call('reaction:add', { ...target, ...createReaction({ epoch }) })),
      'NOT_FOUND',
    );
    await carol.ask('account:me', {});
    const seen = carol.received('message:changed').filter(({ message }) => message.roomUid === roomUid);
    assert.deepEqual(seen, []);
  });

  test('many at the same time are all counted, and one person’s kinds are limited', async () => {
    const room = await createGroup(bob, carol);
    const target = await createTarget(room);
    const kinds = Array.from({ length: limits.reactionsPerPersonMax }, () => createReaction(room));
    const clients = [alice, bob, carol];
    await Promise.all(
      clients.flatMap((client) => kinds.map((kind) => client.ask('reaction:add', { ...target, ...kind }))),
    );
    const { messages } = await alice.ask('message:page', { roomUid: room.roomUid });
    const { reactions = [] } = messages[0] ?? {};
    assert.equal(reactions.length, kinds.length);
    const everybody = clients.map((client) => client.userUid).sort();
    for (const { people } of reactions) assert.deepEqual(people.toSorted(), everybody);
    const more = await bob.call('reaction:add', { ...target, ...createReaction(room) });
    assert.equal(codeOf(more), 'TOO_MANY_REACTIONS');
  });

  test('what is not a sealed emoji, or names no message of the room, is refused', async () => {
    const room = await createGroup(bob);
    const target = await createTarget(room);
    const { token, sealed } = createReaction(room);
    const add = async (change: object) =>
      codeOf(await bob.call('reaction:add', { ...target, token, sealed, ...change }));
    assert.equal(await add({ sealed: '👍' }), 'INVALID_INPUT');
    assert.equal(await add({ sealed: `r1.1.${randomB64(65)}` }), 'INVALID_INPUT');
    assert.equal(await add({ sealed: `r1.1.${randomB64(160)}` }), 'INVALID_INPUT');
    assert.equal(await add({ sealed: `m1.1.${randomB64(64)}` }), 'INVALID_INPUT');
    assert.equal(await add({ token: randomB64(15) }), 'INVALID_INPUT');
    assert.equal(await add({ message: `${bob.userUid}.${target.message.slice(23)}` }), 'NOT_FOUND');
    const elsewhere = await createGroup(bob);
    assert.equal(await add({ roomUid: elsewhere.roomUid }), 'NOT_FOUND');
    assert.equal(await add({}), 'OK');
  });
});
