import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import type { Answer } from '#contract/request.ts';
import { epochInput, randomB64, randomUid } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

describe('messages', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
  });
  after(() => server.stop());

  const createGroup = (...others: TestClient[]): Promise<TestRoom> =>
    createRoom(
      alice,
      others.map((client) => client.person),
      '회의',
    );

  const nextOf = async (client: TestClient, room: TestRoom): Promise<Message> =>
    (await client.next('message:sent', ({ message }) => message.roomUid === room.roomUid)).message;

  test('a message reaches every device of every member, the sender’s own as well, and nobody else', async () => {
    const alicesPhone = await server.connectAs('alice');
    const room = await createGroup(bob);
    await bob.next('room:joined', (state) => state.room.roomUid === room.roomUid);
    const input = messageFor(room);
    const { seq, rev, sentAt } = await alice.ask('message:send', input);
    assert.deepEqual([seq, rev], [1, 2]);
    for (const client of [alice, alicesPhone, bob]) {
      assert.deepEqual(await nextOf(client, room), {
        ...input,
        seq,
        rev,
        sentAt,
        senderUid: alice.userUid,
        target: null,
        n: 0,
      });
    }
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('message:sent'), []);
    assert.equal(codeOf(await carol.call('message:send', messageFor(room))), 'NOT_FOUND');
    assert.equal(codeOf(await carol.call('message:page', { roomUid: room.roomUid })), 'NOT_FOUND');
    assert.equal(codeOf(await carol.call('room:read', { roomUid: room.roomUid, seq: 1 })), 'NOT_FOUND');
  });

  test('a repeat gives the first answer and no second message, on either transport', async () => {
    const room = await createGroup(bob);
    const input = messageFor(room);
    const [first, second] = await Promise.all([
      alice.ask('message:send', input),
      alice.ask('message:send', input),
    ]);
    assert.deepEqual(second, first);
    const { roomUid, ...body } = input;
    const overHttp = await alice.http('POST', `/api/rooms/${roomUid}/messages`, body);
    assert.deepEqual(overHttp.body, first);
    const page = await bob.ask('message:page', { roomUid });
    assert.equal(page.messages.length, 1);
    // the same id from somebody else is another message
    assert.equal((await bob.ask('message:send', { ...messageFor(room), clientId: input.clientId })).seq, 2);
  });

  test('a repeat is answered even after the epoch moved on and the sender was removed', async () => {
    const room = await createGroup(bob);
    const input = messageFor(room);
    const first = await bob.ask('message:send', input);
    const epoch = nextEpoch(room, alice.person, [alice.person]);
    const { roomUid } = room;
    await alice.ask('room:kick', { roomUid, userUid: bob.userUid, epoch: epochInput(epoch) });
    assert.deepEqual(await bob.ask('message:send', input), first);
    assert.equal(codeOf(await bob.call('message:send', messageFor(room))), 'NOT_FOUND');
  });

  test('a message of an older or unknown epoch, or that is not sealed, is refused', async () => {
    const room = await createGroup(bob);
    const send = (envelope: string) => alice.call('message:send', { ...messageFor(room), envelope });
    assert.equal(codeOf(await send(`m1.2.${randomB64(256)}`)), 'STALE_EPOCH');
    assert.equal(codeOf(await send('안녕하세요')), 'INVALID_INPUT');
    assert.equal(codeOf(await send(`m1.1.${randomB64(250)}`)), 'INVALID_INPUT');
    assert.equal(codeOf(await send(`m2.1.${randomB64(256)}`)), 'INVALID_INPUT');
    assert.equal(codeOf(await send(`m1.1.${randomB64(96_000)}`)), 'INVALID_INPUT');
  });

  test('a reply names a message of the same room that its author may read', async () => {
    const room = await createGroup(bob);
    const elsewhere = await createGroup(bob);
    const original = messageFor(room);
    await alice.ask('message:send', original);
    const target = `${alice.userUid}.${original.clientId}`;
    await bob.ask('message:send', { ...messageFor(room), target });
    const foreign = await bob.call('message:send', { ...messageFor(elsewhere), target });
    assert.equal(codeOf(foreign), 'NOT_FOUND');
    const nowhere = `${alice.userUid}.${randomUid()}`;
    assert.equal(
      codeOf(await bob.call('message:send', { ...messageFor(room), target: nowhere })),
      'NOT_FOUND',
    );
  });

  test('pages go backwards, forwards and around a message, without gaps', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    for (let i = 0; i < 25; i += 1) await alice.ask('message:send', messageFor(room));
    const seqs = async (wish: object) => {
      const page = await bob.ask('message:page', { roomUid, limit: 10, ...wish });
      return [page.messages[0]?.seq, page.messages.at(-1)?.seq, page.hasBefore, page.hasAfter];
    };
    assert.deepEqual(await seqs({}), [16, 25, true, false]);
    assert.deepEqual(await seqs({ before: 16 }), [6, 15, true, true]);
    assert.deepEqual(await seqs({ before: 6 }), [1, 5, false, true]);
    assert.deepEqual(await seqs({ after: 15 }), [16, 25, true, false]);
    assert.deepEqual(await seqs({ around: 13 }), [8, 17, true, true]);
    assert.deepEqual(await seqs({ after: 25 }), [undefined, undefined, true, false]);
    const both = await bob.call('message:page', { roomUid, before: 3, after: 1 });
    assert.equal(codeOf(both), 'INVALID_INPUT');
    const overHttp = await bob.http('GET', `/api/rooms/${roomUid}/messages?before=16&limit=10`);
    assert.equal((overHttp.body as { messages: Message[] }).messages[0]?.seq, 6);
  });

  test('somebody who joins later reads nothing from before, not by any page', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    for (let i = 0; i < 3; i += 1) await alice.ask('message:send', messageFor(room));
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    const { rooms } = await carol.ask('room:list', {});
    assert.equal(rooms.find((state) => state.room.roomUid === roomUid)?.lastMessage, null);
    assert.equal((await carol.ask('room:get', { roomUid })).lastMessage, null);
    assert.equal((await bob.ask('room:get', { roomUid })).lastMessage?.seq, 3);
    const later = { ...room, epoch };
    const original = messageFor(later);
    await alice.ask('message:send', original);
    for (const wish of [{}, { before: 99 }, { after: 0 }, { around: 1 }]) {
      const page = await carol.ask('message:page', { roomUid, ...wish });
      assert.deepEqual(
        page.messages.map((message) => message.seq),
        [4],
      );
      assert.equal(page.hasBefore, false);
    }
    const { messages } = await bob.ask('message:page', { roomUid });
    const hidden = `${messages[0]?.senderUid}.${messages[0]?.clientId}`;
    const reply = await carol.call('message:send', { ...messageFor(later), target: hidden });
    assert.equal(codeOf(reply), 'NOT_FOUND');
  });

  test('cursors only go forward, sending moves one’s own, and a room hears of many in one event', async () => {
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    for (let i = 0; i < 3; i += 1) await alice.ask('message:send', messageFor(room));
    assert.deepEqual(await bob.ask('room:read', { roomUid, seq: 2 }), { readSeq: 2 });
    assert.deepEqual(await bob.ask('room:read', { roomUid, seq: 1 }), { readSeq: 2 });
    assert.deepEqual(await carol.ask('room:read', { roomUid, seq: 99 }), { readSeq: 3 });
    server.clock.advance(300);
    const moved = await alice.next('cursors:moved', (event) => event.roomUid === roomUid);
    const byUid = Object.fromEntries(moved.cursors.map((cursor) => [cursor.userUid, cursor.readSeq]));
    assert.deepEqual(byUid, { [bob.userUid]: 2, [carol.userUid]: 3 });
    const { room: state } = await alice.ask('room:get', { roomUid });
    const own = state.members.find((member) => member.userUid === alice.userUid);
    assert.equal(own?.readSeq, 3);
    assert.equal(state.rev, 4, 'cursors do not change the revision');
  });
});
