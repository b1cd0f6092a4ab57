import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RequestInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { Answer } from '#contract/request.ts';
import { createEpoch, createPerson, epochInput, randomB64, randomUid } from '../../testing/people.ts';
import type { TestEpoch } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);
const withEpoch = (room: TestRoom, epoch: TestEpoch) => ({
  roomUid: room.roomUid,
  epoch: epochInput(epoch),
});

describe('rooms', () => {
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

  /** Once this is answered, everything that was sent to the person before has arrived. */
  const settle = (client: TestClient) => client.ask('account:me', {});

  async function createGroup(...others: TestClient[]): Promise<TestRoom> {
    const people = others.map((client) => client.person);
    const room = await createRoom(alice, people, '주간 회의');
    for (const client of [alice, ...others]) {
      await client.next('room:joined', (state) => state.room.roomUid === room.roomUid);
    }
    return room;
  }

  const createInput = (
    creator: TestClient,
    others: TestClient[],
    type: 'direct' | 'group' = 'group',
  ): RequestInput<'room:create'> => {
    const roomUid = randomUid();
    const people = [creator, ...others].map((client) => client.person);
    const epoch = createEpoch({ roomUid, type, creator: creator.person, people });
    return { roomUid, type, title: '제목', epoch: epochInput(epoch) };
  };

  test('a new group reaches its members on all devices and nobody else', async () => {
    const bobsPhone = await server.connectAs('bob');
    const room = await createRoom(alice, [bob.person], '총무팀');
    for (const client of [alice, bob, bobsPhone]) {
      const state = await client.next('room:joined', (joined) => joined.room.roomUid === room.roomUid);
      assert.equal(state.room.title, '총무팀');
      assert.equal(state.room.ownerUid, alice.userUid);
      assert.deepEqual(
        state.room.members.map((member) => member.userUid).sort(),
        [alice.userUid, bob.userUid].sort(),
      );
    }
    await settle(carol);
    assert.deepEqual(carol.received('room:joined'), []);
    const { rooms } = await carol.ask('room:list', {});
    assert.deepEqual(rooms, []);
    assert.equal(codeOf(await carol.call('room:get', { roomUid: room.roomUid })), 'NOT_FOUND');
    assert.equal((await bob.ask('room:get', { roomUid: room.roomUid })).room.rev, 1);
  });

  test('creating again after a lost answer gives the same room; anybody else’s uid is taken', async () => {
    const input = createInput(alice, [bob]);
    assert.equal((await alice.ask('room:create', input)).isNew, true);
    assert.equal((await alice.ask('room:create', input)).isNew, false);
    const epoch = createEpoch({
      roomUid: input.roomUid,
      type: 'group',
      creator: carol.person,
      people: [carol.person],
    });
    const stolen = await carol.call('room:create', { ...input, epoch: epochInput(epoch) });
    assert.equal(codeOf(stolen), 'UID_TAKEN');
  });

  test('two people who open their direct room at once get one and the same', async () => {
    const dave = await server.connectAs('dave');
    const erin = await server.connectAs('erin');
    const answers = await Promise.all([
      dave.ask('room:create', createInput(dave, [erin], 'direct')),
      erin.ask('room:create', createInput(erin, [dave], 'direct')),
    ]);
    assert.equal(answers[0]?.room.roomUid, answers[1]?.room.roomUid);
    assert.equal(answers.filter((answer) => answer.isNew).length, 1);
    const { roomUid } = answers[0].room;
    assert.equal(answers[0].room.ownerUid, null);
    assert.equal(codeOf(await dave.call('room:leave', { roomUid })), 'NOT_A_GROUP');
    assert.equal(codeOf(await dave.call('room:rename', { roomUid, title: 'x' })), 'NOT_A_GROUP');
  });

  test('a room with a record that is wrong in any way is refused', async () => {
    const refused = async (change: (input: RequestInput<'room:create'>) => void) => {
      const input = structuredClone(createInput(alice, [bob]));
      change(input);
      return codeOf(await alice.call('room:create', input));
    };
    const signed = (input: RequestInput<'room:create'>, record: string): void => {
      input.epoch.record = record;
      input.epoch.signature = alice.person.sign(record);
    };
    assert.equal(await refused((input) => (input.epoch.signature = randomB64(64))), 'RECORD_INVALID');
    assert.equal(await refused((input) => (input.roomUid = randomUid())), 'RECORD_INVALID');
    assert.equal(await refused((input) => (input.type = 'direct')), 'RECORD_INVALID');
    assert.equal(
      await refused((input) => signed(input, input.epoch.record.replace('|1|', '|2|'))),
      'RECORD_INVALID',
    );
    assert.equal(await refused((input) => (input.epoch.wraps.length = 1)), 'WRAPS_INCOMPLETE');
    assert.equal(await refused((input) => delete input.title), 'INVALID_INPUT');
    const stranger = createPerson('stranger');
    const input = createInput(alice, []);
    const epoch = createEpoch({
      roomUid: input.roomUid,
      type: 'group',
      creator: alice.person,
      people: [alice.person, stranger],
    });
    const unknown = await alice.call('room:create', { ...input, epoch: epochInput(epoch) });
    assert.equal(codeOf(unknown), 'PERSON_UNKNOWN');
    const forBob = createInput(bob, [alice]);
    assert.equal(codeOf(await alice.call('room:create', forBob)), 'RECORD_INVALID');
  });

  test('a room has a thousand members at most', async () => {
    const roomUid = randomUid();
    const people = [alice.person, ...Array.from({ length: 1_000 }, (_, i) => createPerson(`p${i}`))];
    const epoch = createEpoch({ roomUid, type: 'group', creator: alice.person, people });
    const input = { roomUid, type: 'group', title: '전 직원', epoch: epochInput(epoch) } as const;
    assert.equal(codeOf(await alice.call('room:create', input)), 'ROOM_FULL');
    const overHttp = await alice.http('POST', '/api/rooms', input);
    assert.equal(overHttp.status, 409);
  });

  test('somebody in two thousand rooms can make no more and be added to none', async () => {
    const erin = await server.connectAs('erin');
    const room = await createRoom(alice, [bob.person], '회의');
    const { rooms } = await erin.ask('room:list', {});
    const missing = Array.from({ length: limits.roomsPerUserMax - rooms.length }, () =>
      erin.ask('room:create', createInput(erin, [])),
    );
    await Promise.all(missing);
    assert.equal(codeOf(await erin.call('room:create', createInput(erin, []))), 'TOO_MANY_ROOMS');
    assert.equal(codeOf(await alice.call('room:create', createInput(alice, [erin]))), 'TOO_MANY_ROOMS');
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, erin.person]);
    assert.equal(codeOf(await alice.call('room:invite', withEpoch(room, epoch))), 'TOO_MANY_ROOMS');
  });

  test('a person makes so many rooms an hour, whoever is in them; what makes none is not counted', async () => {
    const strict = await startTestServer({ substitutes: { roomsMadePerHour: 3 }, isClockStill: true });
    try {
      const [maker, other] = [await strict.connectAs('alice'), await strict.connectAs('bob')];
      const inputs = [
        createInput(maker, [other]),
        createInput(maker, []),
        createInput(maker, [other], 'direct'),
      ];
      for (const input of inputs) assert.equal(codeOf(await maker.call('room:create', input)), 'OK');
      const refused = await maker.call('room:create', createInput(maker, [other]));
      assert.ok(!refused.ok && refused.code === 'RATE_LIMITED');
      const { retryAfterMs = 0 } = refused;
      assert.ok(retryAfterMs > 3_590_000 && retryAfterMs <= 3_600_000, String(retryAfterMs));
      for (const input of [...inputs, createInput(maker, [other], 'direct')]) {
        assert.equal(codeOf(await maker.call('room:create', input)), 'OK');
      }
      assert.equal(codeOf(await other.call('room:create', createInput(other, [maker]))), 'OK');
      strict.clock.advance(retryAfterMs + 1);
      assert.equal(codeOf(await maker.call('room:create', createInput(maker, [other]))), 'OK');
    } finally {
      await strict.stop();
    }
  });

  test('a direct conversation with oneself is one room of one person', async () => {
    const input = createInput(alice, [], 'direct');
    const { room, isNew } = await alice.ask('room:create', input);
    assert.deepEqual([isNew, room.members.map(({ userUid }) => userUid)], [true, [alice.userUid]]);
    const again = await alice.ask('room:create', createInput(alice, [], 'direct'));
    assert.deepEqual([again.isNew, again.room.roomUid], [false, input.roomUid]);
    assert.equal(codeOf(await bob.call('room:get', { roomUid: input.roomUid })), 'NOT_FOUND');
    const own = await bob.ask('room:create', createInput(bob, [], 'direct'));
    assert.equal(own.isNew, true);
  });

  test('the owner renames, members see it, others may not do either', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    assert.equal(codeOf(await bob.call('room:rename', { roomUid, title: '내 방' })), 'FORBIDDEN');
    assert.equal(codeOf(await carol.call('room:rename', { roomUid, title: '내 방' })), 'NOT_FOUND');
    await alice.ask('room:rename', { roomUid, title: ' 새 이름 ' });
    const change = await bob.next('room:changed', (event) => event.roomUid === roomUid);
    assert.equal(change.title, '새 이름');
    assert.equal(change.rev, 2);
    await settle(carol);
    assert.deepEqual(carol.received('room:changed'), []);
  });

  test('anybody in a group invites; the newcomer gets the room and reads from then on', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    await alice.ask('message:send', messageFor(room));
    const epoch = nextEpoch(room, bob.person, [alice.person, bob.person, carol.person]);
    const answer = await bob.ask('room:invite', withEpoch(room, epoch));
    assert.equal(answer.room.epoch, 2);
    const joined = await carol.next('room:joined', (state) => state.room.roomUid === roomUid);
    assert.equal(joined.lastMessage, null);
    const change = await alice.next('room:changed', (event) => event.roomUid === roomUid);
    assert.deepEqual(
      change.added.map((member) => [member.userUid, member.joinedSeq]),
      [[carol.userUid, 2]],
    );
    assert.equal(change.epochHash, epoch.hash);
    const page = await carol.ask('message:page', { roomUid });
    assert.deepEqual(page.messages, []);
    await alice.ask('message:send', messageFor({ ...room, epoch }));
    const { message } = await carol.next('message:sent', (event) => event.message.roomUid === roomUid);
    assert.equal(message.seq, 2);
  });

  test('an invitation that adds nobody, leaves somebody out, or lost a race is refused', async () => {
    const room = await createGroup(bob);
    const everybody = [alice.person, bob.person];
    const nobody = nextEpoch(room, alice.person, everybody);
    assert.equal(codeOf(await alice.call('room:invite', withEpoch(room, nobody))), 'ALREADY_MEMBER');
    const without = nextEpoch(room, alice.person, [alice.person, carol.person]);
    assert.equal(codeOf(await alice.call('room:invite', withEpoch(room, without))), 'EPOCH_CONFLICT');
    const [mine, theirs] = await Promise.all(
      [alice, bob].map((client) =>
        client.call(
          'room:invite',
          withEpoch(room, nextEpoch(room, client.person, [...everybody, carol.person])),
        ),
      ),
    );
    assert.ok(mine !== undefined && theirs !== undefined);
    assert.deepEqual([codeOf(mine), codeOf(theirs)].sort(), ['EPOCH_CONFLICT', 'OK']);
    const outsider = nextEpoch(room, carol.person, [...everybody, carol.person]);
    const dave = await server.connectAs('dave');
    assert.equal(codeOf(await dave.call('room:invite', withEpoch(room, outsider))), 'NOT_FOUND');
  });

  test('an invitation made before somebody left does not bring them back', async () => {
    const room = await createGroup(bob);
    await bob.ask('room:leave', { roomUid: room.roomUid });
    const unaware = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    assert.equal(codeOf(await alice.call('room:invite', withEpoch(room, unaware))), 'EPOCH_CONFLICT');
    const { room: now } = await alice.ask('room:get', { roomUid: room.roomUid });
    assert.deepEqual(
      now.members.map((member) => member.userUid),
      [alice.userUid],
    );
  });

  test('a kicked member is out at once: no events, no room, no sends, on no device', async () => {
    const bobsPhone = await server.connectAs('bob');
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    const epoch = nextEpoch(room, alice.person, [alice.person, carol.person]);
    const kick = { ...withEpoch(room, epoch), userUid: bob.userUid };
    assert.equal(codeOf(await carol.call('room:kick', kick)), 'FORBIDDEN');
    await alice.ask('room:kick', kick);
    for (const client of [bob, bobsPhone]) {
      await client.next('room:gone', (event) => event.roomUid === roomUid);
    }
    const change = await carol.next('room:changed', (event) => event.roomUid === roomUid);
    assert.deepEqual(change.removed, [bob.userUid]);
    await alice.ask('message:send', messageFor({ ...room, epoch }));
    await carol.next('message:sent', (event) => event.message.roomUid === roomUid);
    for (const client of [bob, bobsPhone]) {
      await settle(client);
      const ofRoom = [
        ...client.received('message:sent').filter(({ message }) => message.roomUid === roomUid),
        ...client.received('room:changed').filter((event) => event.roomUid === roomUid),
      ];
      assert.deepEqual(ofRoom, []);
    }
    const refused = await bob.call('message:send', messageFor({ ...room, epoch }));
    assert.equal(codeOf(refused), 'NOT_FOUND');
    assert.equal(codeOf(await bob.call('epoch:list', { roomUid, from: 1 })), 'NOT_FOUND');
  });

  test('whoever leaves hears nothing more of the room, on no device', async () => {
    const bobsPhone = await server.connectAs('bob');
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    await bob.ask('room:leave', { roomUid });
    for (const client of [bob, bobsPhone]) {
      await client.next('room:gone', (event) => event.roomUid === roomUid);
    }
    const epoch = nextEpoch(room, alice.person, [alice.person, carol.person]);
    await alice.ask('room:rekey', withEpoch(room, epoch));
    await alice.ask('message:send', messageFor({ ...room, epoch }));
    await carol.next('message:sent', (event) => event.message.roomUid === roomUid);
    for (const client of [bob, bobsPhone]) {
      await settle(client);
      const ofRoom = [
        ...client.received('message:sent').filter(({ message }) => message.roomUid === roomUid),
        ...client.received('room:changed').filter((event) => event.roomUid === roomUid),
      ];
      assert.deepEqual(ofRoom, []);
    }
    assert.equal(codeOf(await bob.call('room:get', { roomUid })), 'NOT_FOUND');
  });

  test('a kick removes exactly the person it names', async () => {
    const room = await createGroup(bob, carol);
    const kick = (people: TestClient[], userUid: string) =>
      alice.call('room:kick', {
        ...withEpoch(
          room,
          nextEpoch(
            room,
            alice.person,
            people.map((client) => client.person),
          ),
        ),
        userUid,
      });
    assert.equal(codeOf(await kick([alice], bob.userUid)), 'EPOCH_CONFLICT');
    assert.equal(codeOf(await kick([alice, bob, carol], bob.userUid)), 'EPOCH_CONFLICT');
    assert.equal(codeOf(await kick([alice, bob], alice.userUid)), 'FORBIDDEN');
    assert.equal(codeOf(await kick([alice, bob, carol], randomUid())), 'NOT_FOUND');
    const dave = await server.connectAs('dave');
    assert.equal(codeOf(await kick([alice, carol, dave], bob.userUid)), 'RECORD_INVALID');
  });

  test('after a leave sends wait for the next epoch, which any member makes', async () => {
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    await alice.ask('room:leave', { roomUid });
    await alice.next('room:gone', (event) => event.roomUid === roomUid);
    const change = await bob.next('room:changed', (event) => event.roomUid === roomUid);
    assert.equal(change.isRekeyNeeded, true);
    assert.ok([bob.userUid, carol.userUid].includes(change.ownerUid ?? ''), 'the owner hands over');
    assert.equal(codeOf(await bob.call('message:send', messageFor(room))), 'REKEY_NEEDED');
    const withLeaver = nextEpoch(room, bob.person, [alice.person, bob.person, carol.person]);
    assert.equal(codeOf(await bob.call('room:rekey', withEpoch(room, withLeaver))), 'EPOCH_CONFLICT');
    const epoch = nextEpoch(room, bob.person, [bob.person, carol.person]);
    const { room: rekeyed } = await bob.ask('room:rekey', withEpoch(room, epoch));
    assert.equal(rekeyed.isRekeyNeeded, false);
    assert.equal(codeOf(await carol.call('message:send', messageFor(room))), 'STALE_EPOCH');
    await carol.ask('message:send', messageFor({ ...room, epoch }));
    const { epochs, newest } = await carol.ask('epoch:list', { roomUid, from: 1 });
    assert.equal(newest, 2);
    assert.deepEqual(
      epochs.map((row) => [row.epoch, row.hash, row.wrap]),
      [room.epoch, epoch].map((made) => [
        made.epoch,
        made.hash,
        made.wraps.find((wrap) => wrap.userUid === carol.userUid)?.wrap,
      ]),
    );
  });

  test('the last one out takes the room along', async () => {
    const room = await createGroup();
    const { roomUid } = room;
    await alice.ask('message:send', messageFor(room));
    await alice.ask('room:leave', { roomUid });
    assert.equal(codeOf(await alice.call('room:get', { roomUid })), 'NOT_FOUND');
    // the identifier is free again, so nothing of the room is left
    const epoch = createEpoch({ roomUid, type: 'group', creator: bob.person, people: [bob.person] });
    const again = await bob.call('room:create', {
      roomUid,
      type: 'group',
      title: 'x',
      epoch: epochInput(epoch),
    });
    assert.equal(codeOf(again), 'OK');
  });
});

describe('the search for somebody who rekeys', () => {
  test('asks one after another, waits for who is working, and asks again whoever connects', async () => {
    const server = await startTestServer({ isClockStill: true });
    try {
      const alice = await server.connectAs('alice');
      const bob = await server.connectAs('bob');
      const carol = await server.connectAs('carol');
      const absent = await server.person('dave');
      const room = await createRoom(alice, [bob.person, carol.person, absent], '회의');
      const { roomUid } = room;
      await alice.ask('room:leave', { roomUid });
      // members are asked in the order in which they came; bob has been in the room longest
      assert.deepEqual(await bob.next('rekey:wanted'), { roomUid, epoch: 1 });
      await carol.ask('account:me', {});
      assert.deepEqual(carol.received('rekey:wanted'), [], 'one at a time');
      server.clock.advance(3_000);
      await carol.next('rekey:wanted');
      await carol.ask('rekey:working', { roomUid, epoch: 1 });
      server.clock.advance(20_000);
      // nobody is left to ask; somebody who comes online begins it anew
      await server.connectAs('dave');
      await bob.next('rekey:wanted');
    } finally {
      await server.stop();
    }
  });

  test('asks somebody again whose connection was lost, or who has one more', async () => {
    const server = await startTestServer({ isClockStill: true });
    try {
      const alice = await server.connectAs('alice');
      const bob = await server.connectAs('bob');
      const { roomUid } = await createRoom(alice, [bob.person], '회의');
      await alice.ask('room:leave', { roomUid });
      await bob.next('rekey:wanted');
      // the page asked a moment ago is as good as gone, and the server has not noticed
      const again = await server.connectAs('bob');
      assert.deepEqual(await again.next('rekey:wanted'), { roomUid, epoch: 1 });
      await again.ask('rekey:working', { roomUid, epoch: 1 });
      bob.close();
      again.close();
      const later = await server.connectAs('bob');
      assert.deepEqual(await later.next('rekey:wanted'), { roomUid, epoch: 1 });
    } finally {
      await server.stop();
    }
  });
});
