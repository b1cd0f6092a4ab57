import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '#contract/request.ts';
import { createEnvelope, createEpoch, epochInput, randomUid } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

describe('mentions', () => {
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

  const mentionsOf = async (client: TestClient) => (await client.ask('mention:list', {})).mentions;
  const send = async (client: TestClient, mentions: { userUids: string[]; isAll?: boolean }) => {
    server.clock.advance(1_000);
    const input = { ...messageFor(room), mentions };
    await client.ask('message:send', input);
    return { name: `${client.userUid}.${input.clientId}`, clientId: input.clientId };
  };

  test('a person called by name finds the message, nobody else does, and the row says it to everybody', async () => {
    const { name, clientId } = await send(alice, { userUids: [bob.userUid, carol.userUid] });
    const { message } = await bob.next('message:sent', (event) => event.message.clientId === clientId);
    // somebody who is not in the room is not called
    assert.deepEqual(message.mentions, { userUids: [bob.userUid] });
    const [place] = await mentionsOf(bob);
    assert.deepEqual(
      [place?.roomUid, place?.message, place?.seq, place?.isAll],
      [room.roomUid, name, message.seq, false],
    );
    assert.deepEqual(await mentionsOf(alice), []);
    assert.deepEqual(await mentionsOf(carol), []);
    const over = await bob.http('GET', '/api/me/mentions?limit=1');
    assert.equal(over.status, 200);
    assert.deepEqual(over.body, { mentions: [place], hasMore: false });
  });

  test('everybody is called only by those whom the room lets', async () => {
    const { name } = await send(bob, { userUids: [], isAll: true });
    assert.deepEqual(
      (await mentionsOf(alice)).map(({ message, isAll }) => [message, isAll]),
      [[name, true]],
    );
    await alice.ask('room:set-policies', { roomUid: room.roomUid, mentionAll: 'admins' });
    const refused = { ...messageFor(room), mentions: { userUids: [], isAll: true } };
    assert.equal(codeOf(await bob.call('message:send', refused)), 'CALLING_ALL_RESTRICTED');
    await send(alice, { userUids: [], isAll: true });
    assert.equal((await mentionsOf(bob))[0]?.isAll, true);
    await alice.ask('room:set-policies', { roomUid: room.roomUid, mentionAll: 'everyone' });
  });

  test('an edit calls whom it names now, and a recall nobody', async () => {
    const { name, clientId } = await send(alice, { userUids: [] });
    assert.notEqual((await mentionsOf(bob))[0]?.message, name);
    const edit = { roomUid: room.roomUid, message: name, n: 1, envelope: createEnvelope(1) };
    await alice.ask('message:edit', { ...edit, mentions: { userUids: [bob.userUid] } });
    assert.equal((await mentionsOf(bob))[0]?.message, name);
    await alice.ask('message:recall', { roomUid: room.roomUid, message: name });
    assert.ok((await mentionsOf(bob)).every(({ message }) => message !== name));
    const { message } = await bob.next(
      'message:changed',
      (event) => event.message.clientId === clientId && event.message.recalledAt !== undefined,
    );
    assert.equal(message.mentions, undefined);
  });

  test('whoever joins later or leaves finds nothing of it, and pages do not overlap', async () => {
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    room = { ...room, epoch };
    assert.deepEqual(await mentionsOf(carol), []);
    for (let count = 0; count < 3; count += 1) await send(alice, { userUids: [carol.userUid] });
    const first = await carol.ask('mention:list', { limit: 2 });
    const last = first.mentions.at(-1) ?? assert.fail();
    const second = await carol.ask('mention:list', { limit: 2, before: last.sentAt });
    assert.deepEqual([first.hasMore, second.hasMore], [true, false]);
    const names = [...first.mentions, ...second.mentions].map(({ message }) => message);
    assert.equal(new Set(names).size, 3);
    await carol.ask('room:leave', { roomUid: room.roomUid });
    assert.deepEqual(await mentionsOf(carol), []);
  });

  test('several of one moment are on one page, by name before everybody, and none is lost between two pages', async () => {
    const own = await createRoom(alice, [bob.person], '한꺼번에');
    await bob.next('room:joined', (state) => state.room.roomUid === own.roomUid);
    const call = (mentions: { userUids: string[]; isAll?: boolean }) =>
      alice.ask('message:send', { ...messageFor(own), mentions });
    server.clock.advance(1_000);
    await call({ userUids: [bob.userUid] });
    server.clock.advance(1_000);
    for (let count = 0; count < 5; count += 1) await call({ userUids: [bob.userUid], isAll: true });
    await call({ userUids: [], isAll: true });
    const first = await bob.ask('mention:list', { limit: 2 });
    assert.deepEqual([first.mentions.length, first.hasMore], [6, true]);
    assert.deepEqual(
      first.mentions.filter(({ isAll }) => isAll).map(({ seq }) => seq),
      [7],
    );
    const last = first.mentions.at(-1) ?? assert.fail();
    const second = await bob.ask('mention:list', { limit: 1, before: last.sentAt });
    assert.deepEqual(
      second.mentions.map(({ roomUid, seq }) => [roomUid, seq]),
      [[own.roomUid, 1]],
    );
    assert.equal(new Set([...first.mentions, ...second.mentions].map(({ message }) => message)).size, 7);
  });

  test('whoever may read what was before was not among everybody then', async () => {
    const roomUid = randomUid();
    const wish = { roomUid, type: 'group' as const, creator: alice.person, history: 1 as const };
    const first = createEpoch({ ...wish, people: [alice.person, bob.person] });
    await alice.ask('room:create', { roomUid, type: 'group', title: '인계', epoch: epochInput(first) });
    const callAll = async (epoch: typeof first): Promise<string> => {
      server.clock.advance(1_000);
      const input = { ...messageFor({ roomUid, epoch }), mentions: { userUids: [], isAll: true } };
      await alice.ask('message:send', input);
      return `${alice.userUid}.${input.clientId}`;
    };
    const early = await callAll(first);
    server.clock.advance(1_000);
    const people = [alice.person, bob.person, carol.person];
    const second = createEpoch({ ...wish, people, previous: first });
    await alice.ask('room:invite', { roomUid, epoch: epochInput(second) });
    assert.equal((await carol.ask('message:get', { roomUid, message: early })).message.seq, 1);
    const later = await callAll(second);
    const namesFor = async (client: TestClient): Promise<string[]> =>
      (await mentionsOf(client)).filter((place) => place.roomUid === roomUid).map(({ message }) => message);
    assert.deepEqual(await namesFor(carol), [later]);
    assert.deepEqual(await namesFor(bob), [later, early]);
  });
});
