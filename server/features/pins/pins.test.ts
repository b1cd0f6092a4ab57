import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import type { Answer } from '#contract/request.ts';
import { createEnvelope, epochInput } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

type Target = { roomUid: string; message: string };

const nameOf = ({ senderUid, clientId }: Message): string => `${senderUid}.${clientId}`;
const addressOf = ({ roomUid, message }: Target): string => `/api/rooms/${roomUid}/messages/${message}`;

describe('pins and notices', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let dave: TestClient;
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
    dave = await server.connectAs('dave');
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
  const sendFrom = async (client: TestClient, room: TestRoom): Promise<Target> => {
    const input = messageFor(room);
    await client.ask('message:send', input);
    return { roomUid: room.roomUid, message: `${client.userUid}.${input.clientId}` };
  };
  const changeOf = async (client: TestClient, { message }: Target, rev: number): Promise<Message> =>
    (
      await client.next(
        'message:changed',
        (event) => nameOf(event.message) === message && event.message.rev === rev,
      )
    ).message;
  const countOf = (client: TestClient, { message }: Target, acknowledged: number) =>
    client.next(
      'notice:counted',
      (event) => event.message === message && event.acknowledged === acknowledged,
    );
  const onlyAdminsPost = (room: TestRoom) =>
    alice.ask('room:set-policies', { roomUid: room.roomUid, post: 'admins' });

  test('a pin reaches everybody in the room with the row, is listed, and nobody else learns of it', async () => {
    const room = await createGroup(bob);
    const target = await sendFrom(alice, room);
    const { rev } = await bob.ask('pin:add', target);
    for (const client of [alice, bob])
      assert.equal((await changeOf(client, target, rev)).pin?.byUid, bob.userUid);
    assert.deepEqual(await bob.ask('pin:add', target), { rev }, 'a repeat changes nothing');
    assert.deepEqual((await alice.http('PUT', `${addressOf(target)}/pin`)).body, { rev });
    const list = await alice.ask('pin:list', { roomUid: room.roomUid });
    assert.deepEqual(list.messages.map(nameOf), [target.message]);
    assert.deepEqual([list.rev, list.notices], [rev, []]);
    const removed = await alice.ask('pin:remove', target);
    assert.equal((await changeOf(bob, target, removed.rev)).pin, undefined);
    assert.deepEqual((await bob.http('DELETE', `${addressOf(target)}/pin`)).body, removed);
    assert.deepEqual((await bob.ask('pin:list', { roomUid: room.roomUid })).messages, []);
    for (const name of ['pin:add', 'pin:remove', 'notice:raise', 'notice:lower'] as const)
      assert.equal(codeOf(await carol.call(name, target)), 'NOT_FOUND', name);
    assert.equal(codeOf(await carol.call('pin:list', { roomUid: room.roomUid })), 'NOT_FOUND');
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('message:changed'), []);
  });

  test('where only the owner and admins write, only they pin and raise notices', async () => {
    const room = await createGroup(bob, carol);
    const target = await sendFrom(alice, room);
    const own = await sendFrom(bob, room);
    await bob.ask('notice:raise', own);
    await onlyAdminsPost(room);
    for (const name of ['pin:add', 'notice:raise'] as const)
      assert.equal(codeOf(await bob.call(name, target)), 'FORBIDDEN', name);
    for (const name of ['pin:remove', 'notice:lower'] as const)
      assert.equal(codeOf(await bob.call(name, own)), 'FORBIDDEN', name);
    await alice.ask('room:set-role', { roomUid: room.roomUid, userUid: bob.userUid, role: 'admin' });
    for (const name of ['pin:add', 'notice:raise', 'notice:lower', 'pin:remove'] as const)
      assert.equal(codeOf(await bob.call(name, target)), 'OK', name);
    const { entries } = await alice.ask('room:audit', { roomUid: room.roomUid });
    const deeds = entries.filter(({ actorUid }) => actorUid === bob.userUid).reverse();
    assert.deepEqual(
      deeds.map(({ action, details }) => [action, details['message']]),
      ['message-pinned', 'notice-raised', 'notice-lowered', 'message-unpinned'].map((action) => [
        action,
        target.message,
      ]),
      'what bob did as a member is not in the log',
    );
  });

  test('in a large room members pin, and only the owner and admins raise notices', async () => {
    const others = await Promise.all(
      Array.from({ length: limits.noticeByMembersMax - 1 }, (_, i) => server.person(`crowd${i}`)),
    );
    const room = await createRoom(alice, [bob.person, ...others], '큰 방');
    const target = await sendFrom(alice, room);
    assert.equal(codeOf(await bob.call('pin:add', target)), 'OK');
    assert.equal(codeOf(await bob.call('notice:raise', target)), 'FORBIDDEN');
    assert.equal(codeOf(await alice.call('notice:raise', target)), 'OK');
    assert.equal(codeOf(await bob.call('pin:remove', target)), 'FORBIDDEN', 'it would lower the notice');
  });

  test('a room has so many pins', async () => {
    const room = await createGroup(bob);
    let last = await sendFrom(alice, room);
    for (let pinned = 0; pinned < limits.pinsPerRoomMax; pinned += 1) {
      await alice.ask('pin:add', last);
      last = await sendFrom(alice, room);
    }
    assert.equal(codeOf(await bob.call('pin:add', last)), 'LIST_FULL');
    assert.equal(codeOf(await bob.call('notice:raise', last)), 'LIST_FULL');
    const { messages } = await bob.ask('pin:list', { roomUid: room.roomUid });
    assert.equal(messages.length, limits.pinsPerRoomMax);
    const [first] = messages;
    assert.ok(first);
    await bob.ask('notice:raise', { ...last, message: nameOf(first) });
    await bob.ask('pin:remove', { ...last, message: nameOf(first) });
    assert.equal(codeOf(await bob.call('pin:add', last)), 'OK');
  });

  test('a notice is acknowledged once by each; the author and admins see who has', async () => {
    const room = await createGroup(bob, carol);
    const target = await sendFrom(bob, room);
    await alice.ask('notice:raise', target);
    assert.equal(codeOf(await bob.call('notice:acknowledge', target)), 'FORBIDDEN', 'it is their own');
    const { at } = await carol.ask('notice:acknowledge', target);
    assert.equal((await carol.next('notice:acknowledged')).message, target.message);
    assert.deepEqual(await carol.ask('notice:acknowledge', target), { at });
    const repeat = await carol.http('PUT', `${addressOf(target)}/notice/acknowledgement`);
    assert.deepEqual(repeat.body, { at });
    for (const client of [alice, bob, carol]) assert.equal((await countOf(client, target, 1)).people, 2);
    for (const client of [alice, bob]) {
      assert.deepEqual(await client.ask('notice:readers', target), {
        acknowledged: [{ userUid: carol.userUid, at }],
        waiting: [alice.userUid],
        remindedAt: null,
      });
    }
    assert.equal(codeOf(await carol.call('notice:readers', target)), 'FORBIDDEN');
    assert.equal(codeOf(await dave.call('notice:readers', target)), 'NOT_FOUND');
    assert.equal(codeOf(await dave.call('notice:acknowledge', target)), 'NOT_FOUND');
    assert.deepEqual(bob.received('notice:acknowledged'), [], 'nobody but carol is told that it was carol');
    const stateOf = async (client: TestClient) =>
      (await client.ask('pin:list', { roomUid: room.roomUid })).notices[0];
    const seen = { message: target.message, acknowledged: 1, people: 2 };
    assert.deepEqual(await stateOf(carol), { ...seen, isAcknowledged: true });
    assert.deepEqual(await stateOf(alice), { ...seen, isAcknowledged: false });
    await alice.ask('notice:lower', target);
    assert.equal(codeOf(await alice.call('notice:acknowledge', target)), 'NOT_FOUND', 'it is none any more');
    await alice.ask('notice:raise', target);
    assert.deepEqual(await stateOf(carol), { ...seen, acknowledged: 0, isAcknowledged: false });
  });

  test('those who have not acknowledged are reminded, every ten minutes at most, until they do', async () => {
    const room = await createGroup(bob, carol);
    const target = await sendFrom(alice, room);
    await alice.ask('notice:raise', target);
    await carol.ask('notice:acknowledge', target);
    assert.equal(codeOf(await bob.call('notice:remind', target)), 'FORBIDDEN');
    const { remindedAt, people } = await alice.ask('notice:remind', target);
    assert.equal(people, 1);
    const { reminder } = await bob.next('notice:reminded');
    assert.deepEqual(reminder, { ...target, at: remindedAt });
    const again = await alice.call('notice:remind', target);
    assert.ok(!again.ok && again.code === 'RATE_LIMITED' && (again.retryAfterMs ?? 0) > 9 * 60_000);
    server.clock.advance(limits.noticeReminderMinutes * 60_000);
    const second = (await alice.http('POST', `${addressOf(target)}/notice/reminders`)).body;
    assert.equal((second as { people: number }).people, 1); // the server checks its own answers in tests
    await bob.next('notice:reminded', (event) => event.reminder.at > remindedAt);
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('notice:reminded'), []);
    const remindersOf = async (client: TestClient) => (await client.ask('session:sync', {})).reminders;
    assert.deepEqual(
      (await remindersOf(bob)).map(({ message }) => message),
      [target.message],
      'it waits for whoever comes later',
    );
    assert.deepEqual(await remindersOf(carol), []);
    assert.deepEqual(await remindersOf(alice), []);
    await bob.ask('notice:acknowledge', target);
    assert.deepEqual(await remindersOf(bob), []);
    server.clock.advance(limits.noticeReminderMinutes * 60_000);
    assert.equal((await alice.ask('notice:remind', target)).people, 0);
  });

  test('a recall takes pin, notice, acknowledgements and reminders with it; an edit does not', async () => {
    const room = await createGroup(bob);
    const target = await sendFrom(alice, room);
    await alice.ask('notice:raise', target);
    await alice.ask('notice:remind', target);
    const edited = await alice.ask('message:edit', {
      ...target,
      n: 1,
      envelope: createEnvelope(room.epoch.epoch),
    });
    assert.ok((await changeOf(bob, target, edited.rev)).pin?.notice);
    const { rev } = await alice.ask('message:recall', target);
    assert.equal((await changeOf(bob, target, rev)).pin, undefined);
    const list = await bob.ask('pin:list', { roomUid: room.roomUid });
    assert.deepEqual([list.messages, list.notices], [[], []]);
    assert.deepEqual((await bob.ask('session:sync', {})).reminders, []);
    assert.equal(codeOf(await bob.call('pin:add', target)), 'MESSAGE_RECALLED');
    assert.equal(codeOf(await bob.call('notice:acknowledge', target)), 'NOT_FOUND');
  });

  test('who joined later sees neither pin nor notice of what they may not read', async () => {
    const room = await createGroup(bob);
    const target = await sendFrom(alice, room);
    await alice.ask('pin:add', target);
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, dave.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    await dave.next('room:joined', (state) => state.room.roomUid === room.roomUid);
    const { rev } = await alice.ask('notice:raise', target);
    await changeOf(bob, target, rev);
    await bob.ask('notice:acknowledge', target);
    assert.equal((await countOf(alice, target, 1)).people, 1, 'nobody waits for who cannot read it');
    const list = await dave.ask('pin:list', { roomUid: room.roomUid });
    assert.deepEqual([list.messages, list.notices], [[], []]);
    for (const name of ['pin:add', 'notice:acknowledge', 'notice:readers'] as const)
      assert.equal(codeOf(await dave.call(name, target)), 'NOT_FOUND', name);
    const remind = await alice.ask('notice:remind', target);
    assert.equal(remind.people, 0);
    for (const name of ['message:changed', 'notice:counted', 'notice:reminded'] as const)
      assert.deepEqual(dave.received(name), [], name);
  });
});

test('however many acknowledge within a second, the room is told once', async () => {
  const server = await startTestServer({ isClockStill: true });
  try {
    const alice = await server.connectAs('alice');
    const clients: TestClient[] = [];
    for (let made = 0; made < 8; made += 1) clients.push(await server.connectAs(`many${made}`));
    const people = clients.map(({ person }) => person);
    const room = await createRoom(alice, people, '많은 사람');
    const input = messageFor(room);
    await alice.ask('message:send', input);
    const target = { roomUid: room.roomUid, message: `${alice.userUid}.${input.clientId}` };
    await alice.ask('notice:raise', target);
    await Promise.all(clients.map((client) => client.ask('notice:acknowledge', target)));
    assert.deepEqual(alice.received('notice:counted'), []);
    server.clock.advance(1_000);
    const count = { ...target, acknowledged: people.length, people: people.length };
    for (const client of [alice, ...clients]) assert.deepEqual(await client.next('notice:counted'), count);
    await alice.ask('account:me', {});
    assert.deepEqual(alice.received('notice:counted'), [], 'and nothing after it');
  } finally {
    await server.stop();
  }
});
