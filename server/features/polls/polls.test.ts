import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Poll, PollSettings } from '#contract/poll.ts';
import type { Answer } from '#contract/request.ts';
import { epochInput, randomUid } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch, pollFor } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);
const hourMs = 60 * 60_000;

describe('polls', () => {
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

  const nameOf = (author: TestClient, clientId: string): string => `${author.userUid}.${clientId}`;

  /** A poll in the room: its name and its options. */
  async function ask(author: TestClient, settings: Partial<PollSettings> = {}) {
    const input = pollFor(room, settings);
    const { seq } = await author.ask('message:send', input);
    return { id: nameOf(author, input.clientId), seq, options: input.poll.optionIds, input };
  }

  /** The poll of a row as the next change of it says. */
  async function nextPoll(client: TestClient, seq: number): Promise<Poll | undefined> {
    const { message } = await client.next('message:changed', (event) => event.message.seq === seq);
    return message.poll;
  }

  const votesOf = (poll: Poll | undefined): number[] | undefined => poll?.options.map(({ votes }) => votes);

  test('a poll arrives with its settings and no votes, once however often it is sent', async () => {
    const closesAt = server.clock.now() + hourMs;
    const input = pollFor(room, { isMultiple: true, closesAt });
    const [first, second] = await Promise.all([
      alice.ask('message:send', input),
      alice.ask('message:send', input),
    ]);
    assert.deepEqual(second, first);
    const { message } = await bob.next('message:sent', (event) => event.message.seq === first.seq);
    const options = input.poll.optionIds.map((id) => ({ id, votes: 0 }));
    const expected = { options, voters: 0, isMultiple: true, isAnonymous: false, closesAt, closedAt: null };
    assert.deepEqual([message.kind, message.poll], ['poll', expected]);
    const page = await bob.ask('message:page', { roomUid: room.roomUid, around: first.seq, limit: 1 });
    assert.deepEqual(page.messages[0]?.poll, expected);
  });

  test('a poll without settings, settings without a poll and settings of another form are refused', async () => {
    const poll = pollFor(room);
    const { poll: settings, ...bare } = poll;
    const send = (input: object) => alice.call('message:send', input as typeof poll); // on purpose not of the contract
    assert.equal(codeOf(await send(bare)), 'INVALID_INPUT');
    assert.equal(codeOf(await send({ ...messageFor(room), poll: settings })), 'INVALID_INPUT');
    const [one = ''] = settings.optionIds;
    for (const optionIds of [[one], [one, one], Array.from({ length: 21 }, randomUid), [one, 'x']]) {
      const answer = await send({ ...poll, poll: { ...settings, optionIds } });
      assert.equal(codeOf(answer), 'INVALID_INPUT');
    }
    const past = await send(pollFor(room, { closesAt: server.clock.now() }));
    assert.equal(codeOf(past), 'DEADLINE_PASSED');
    const far = await send(pollFor(room, { closesAt: server.clock.now() + 400 * 24 * hourMs }));
    assert.equal(codeOf(far), 'DEADLINE_TOO_FAR');
  });

  test('everybody in the room sees a vote at once, all browsers of the voter their own, outsiders nothing', async () => {
    const { id, seq, options } = await ask(alice);
    const bobsPhone = await server.connectAs('bob');
    const [first = '', second = ''] = options;
    const answer = await bob.ask('poll:vote', { id, optionIds: [second] });
    assert.deepEqual([answer.optionIds, votesOf(answer.poll), answer.poll.voters], [[second], [0, 1, 0], 1]);
    for (const client of [alice, bob, bobsPhone]) {
      assert.deepEqual(await nextPoll(client, seq), answer.poll);
    }
    for (const client of [bob, bobsPhone]) {
      const own = await client.next('poll:voted', (event) => event.id === id);
      assert.deepEqual(own.optionIds, [second]);
    }
    // in place of the one before
    const http = await bob.http('POST', `/api/polls/${id}/vote`, { optionIds: [first] });
    assert.equal(http.status, 200);
    assert.deepEqual(votesOf((http.body as { poll: Poll }).poll), [1, 0, 0]);
    assert.deepEqual(votesOf(await nextPoll(alice, seq)), [1, 0, 0]);
    // taken back
    const none = await bob.ask('poll:vote', { id, optionIds: [] });
    assert.deepEqual([votesOf(none.poll), none.poll.voters], [[0, 0, 0], 0]);
    assert.deepEqual(await nextPoll(alice, seq), none.poll);
    assert.deepEqual(alice.received('poll:voted'), []);
    await carol.ask('account:me', {});
    assert.deepEqual([carol.received('message:changed'), carol.received('poll:voted')], [[], []]);
  });

  test('to an outsider, and of any other message, there is no poll', async () => {
    const { id, options } = await ask(alice);
    const text = messageFor(room);
    await alice.ask('message:send', text);
    const vote = { optionIds: options.slice(0, 1) };
    const asked: [TestClient, string][] = [
      [carol, id],
      [bob, nameOf(alice, text.clientId)],
      [bob, nameOf(alice, randomUid())],
    ];
    for (const [client, name] of asked) {
      for (const answer of [
        await client.call('poll:vote', { id: name, ...vote }),
        await client.call('poll:get', { id: name, with: 'voters' }),
        await client.call('poll:close', { id: name }),
      ]) {
        assert.deepEqual(answer.ok || [answer.code, answer.field], ['NOT_FOUND', 'id']);
      }
    }
  });

  test('an option of another poll is 400, several on a single choice and a vote on a closed poll are refused', async () => {
    const { id, options } = await ask(alice);
    const other = await ask(alice);
    const foreign = await bob.http('POST', `/api/polls/${id}/vote`, { optionIds: other.options.slice(0, 1) });
    assert.equal(foreign.status, 400);
    assert.equal((foreign.body as { code: string }).code, 'OPTION_UNKNOWN');
    const two = await bob.call('poll:vote', { id, optionIds: options.slice(0, 2) });
    assert.equal(codeOf(two), 'SINGLE_CHOICE');
    await alice.ask('poll:close', { id });
    assert.equal(codeOf(await bob.call('poll:vote', { id, optionIds: options.slice(0, 1) })), 'POLL_CLOSED');
    assert.deepEqual((await bob.ask('poll:get', { id })).optionIds, []);
  });

  test('several options may be chosen where that is allowed; a repeat changes nothing', async () => {
    const { id, seq, options } = await ask(bob, { isMultiple: true });
    const wish = { id, optionIds: [options[2] ?? '', options[0] ?? '', options[0] ?? ''] };
    const first = await alice.ask('poll:vote', wish);
    assert.deepEqual([votesOf(first.poll), first.poll.voters], [[1, 0, 1], 1]);
    await nextPoll(bob, seq);
    const rev = (await bob.ask('room:get', { roomUid: room.roomUid })).room.rev;
    assert.deepEqual(await alice.ask('poll:vote', wish), first);
    assert.equal((await bob.ask('room:get', { roomUid: room.roomUid })).room.rev, rev);
    await bob.ask('poll:close', { id });
    // its answer may have been lost: the vote did count
    assert.deepEqual((await alice.ask('poll:vote', wish)).optionIds, first.optionIds);
  });

  test('one person has one vote, however many come at once', async () => {
    const { id, options } = await ask(alice);
    const wishes = Array.from({ length: 30 }, (_value, index) => options[index % 3] ?? '');
    await Promise.all(wishes.map((option) => bob.ask('poll:vote', { id, optionIds: [option] })));
    const [last] = (await bob.ask('poll:get', { id })).optionIds ?? [];
    const { poll } = await bob.ask('poll:vote', { id, optionIds: [last ?? ''] });
    assert.equal(poll.voters, 1);
    assert.deepEqual(
      votesOf(poll),
      options.map((option) => (option === last ? 1 : 0)),
    );
  });

  test('who voted for what is told when asked for, and of an anonymous poll never', async () => {
    const named = await ask(alice);
    const secret = await ask(alice, { isAnonymous: true });
    for (const { id, options } of [named, secret]) {
      await alice.ask('poll:vote', { id, optionIds: [options[0] ?? ''] });
      await bob.ask('poll:vote', { id, optionIds: [options[0] ?? ''] });
    }
    assert.equal((await alice.ask('poll:get', { id: named.id })).voters, null);
    const { voters } = await bob.ask('poll:get', { id: named.id, with: 'voters' });
    assert.deepEqual(
      voters?.map(({ userUids }) => userUids),
      [[alice.userUid, bob.userUid].sort(), [], []],
    );
    assert.equal(voters?.[0]?.optionId, named.options[0]);
    const answer = await alice.http('GET', `/api/polls/${secret.id}?with=voters`);
    assert.deepEqual(answer.body, { optionIds: secret.options.slice(0, 1), voters: null });
    await nextPoll(bob, secret.seq);
    const poll = await nextPoll(bob, secret.seq);
    assert.deepEqual([votesOf(poll), poll?.voters], [[2, 0, 0], 2]);
    // nobody needs the link any more
    await alice.ask('poll:close', { id: secret.id });
    assert.equal((await bob.ask('poll:get', { id: secret.id })).optionIds, null);
    const again = await bob.call('poll:vote', { id: secret.id, optionIds: secret.options.slice(0, 1) });
    assert.equal(codeOf(again), 'POLL_CLOSED');
  });

  test('author and room owner close a poll early, other members do not', async () => {
    const alices = await ask(alice);
    assert.equal(codeOf(await bob.call('poll:close', { id: alices.id })), 'FORBIDDEN');
    const bobs = await ask(bob);
    const { closedAt } = await alice.ask('poll:close', { id: bobs.id });
    assert.equal(closedAt, server.clock.now());
    assert.equal((await nextPoll(bob, bobs.seq))?.closedAt, closedAt);
    server.clock.advance(1_000);
    assert.deepEqual(await bob.ask('poll:close', { id: bobs.id }), { closedAt }, 'a repeat');
  });

  test('a deadline closes a poll then and not before', async () => {
    const closesAt = server.clock.now() + 3 * hourMs;
    const { id, seq, options } = await ask(alice, { closesAt });
    server.clock.advance(closesAt - server.clock.now() - 1);
    await bob.ask('poll:vote', { id, optionIds: options.slice(0, 1) });
    assert.equal((await nextPoll(bob, seq))?.closedAt, null);
    server.clock.advance(1);
    // refused by the clock, whether or not the server has got to closing it
    assert.equal(codeOf(await bob.call('poll:vote', { id, optionIds: [] })), 'POLL_CLOSED');
    const poll = await nextPoll(bob, seq);
    assert.deepEqual([poll?.closedAt, votesOf(poll)], [closesAt, [1, 0, 0]]);
  });

  test('whoever leaves or is removed keeps their vote, and cannot change it', async () => {
    const other = await createRoom(alice, [bob.person, carol.person], '셋');
    const input = pollFor(other);
    await alice.ask('message:send', input);
    const id = nameOf(alice, input.clientId);
    const [first = ''] = input.poll.optionIds;
    await carol.ask('poll:vote', { id, optionIds: [first] });
    const epoch = nextEpoch(other, alice.person, [alice.person, bob.person]);
    const kick = { roomUid: other.roomUid, userUid: carol.userUid, epoch: epochInput(epoch) };
    await alice.ask('room:kick', kick);
    assert.equal(codeOf(await carol.call('poll:vote', { id, optionIds: [] })), 'NOT_FOUND');
    const { poll } = await bob.ask('poll:vote', { id, optionIds: [first] });
    assert.deepEqual([votesOf(poll), poll.voters], [[2, 0, 0], 2]);
    const { voters } = await bob.ask('poll:get', { id, with: 'voters' });
    assert.deepEqual(voters?.[0]?.userUids, [bob.userUid, carol.userUid].sort());
  });

  test('a deleted person’s vote stays counted, and who gave it is forgotten', async () => {
    const leaving = await server.connectAs('leaving');
    const other = await createRoom(alice, [bob.person, leaving.person], '셋');
    const input = pollFor(other);
    await alice.ask('message:send', input);
    const id = nameOf(alice, input.clientId);
    await leaving.ask('poll:vote', { id, optionIds: input.poll.optionIds.slice(1, 2) });
    await leaving.http('DELETE', '/api/me', { authKey: leaving.person.authKey });
    const { poll } = await bob.ask('poll:vote', { id, optionIds: input.poll.optionIds.slice(0, 1) });
    assert.deepEqual([votesOf(poll), poll.voters], [[1, 1, 0], 2]);
    const { voters } = await bob.ask('poll:get', { id, with: 'voters' });
    assert.deepEqual(
      voters?.map(({ userUids }) => userUids),
      [[bob.userUid], [], []],
    );
  });

  test('a recalled poll takes its votes with it', async () => {
    const closesAt = server.clock.now() + hourMs;
    const { id, seq, options } = await ask(alice, { closesAt });
    await bob.ask('poll:vote', { id, optionIds: options.slice(0, 1) });
    await nextPoll(bob, seq);
    await alice.ask('message:recall', { roomUid: room.roomUid, message: id });
    const { message } = await bob.next('message:changed', (event) => event.message.seq === seq);
    assert.deepEqual([message.envelope, message.poll], [null, undefined]);
    assert.equal(codeOf(await bob.call('poll:vote', { id, optionIds: [] })), 'NOT_FOUND');
    assert.equal(codeOf(await bob.call('poll:get', { id, with: 'voters' })), 'NOT_FOUND');
    const { messages } = await bob.ask('poll:list', { roomUid: room.roomUid });
    assert.ok(messages.every((row) => row.seq !== seq));
    // the deadline comes, and there is nothing left to close
    server.clock.advance(hourMs);
    assert.equal(codeOf(await bob.call('poll:get', { id })), 'NOT_FOUND');
  });

  test('the polls of a room are listed newest first, those that I may read, a page at a time', async () => {
    const other = await createRoom(alice, [bob.person], '투표방');
    const { roomUid } = other;
    const seqs: number[] = [];
    for (let count = 0; count < 23; count += 1) {
      await alice.ask('message:send', messageFor(other));
      seqs.push((await alice.ask('message:send', pollFor(other))).seq);
    }
    const first = await bob.ask('poll:list', { roomUid });
    assert.deepEqual(
      first.messages.map(({ seq }) => seq),
      seqs.slice(3).reverse(),
    );
    assert.equal(first.hasMore, true);
    const rest = await bob.http('GET', `/api/rooms/${roomUid}/polls?before=${seqs[3]}`);
    const body = rest.body as typeof first;
    assert.deepEqual(
      [body.messages.map(({ seq }) => seq), body.hasMore],
      [seqs.slice(0, 3).reverse(), false],
    );
    assert.equal(codeOf(await carol.call('poll:list', { roomUid })), 'NOT_FOUND');
    const epoch = nextEpoch(other, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    assert.deepEqual((await carol.ask('poll:list', { roomUid })).messages, []);
    const { seq } = await alice.ask('message:send', pollFor({ ...other, epoch }));
    assert.deepEqual(
      (await carol.ask('poll:list', { roomUid })).messages.map((row) => row.seq),
      [seq],
    );
  });

  test('a room that everybody left takes its polls with it', async () => {
    const alone = await createRoom(alice, [], '혼자');
    const input = pollFor(alone, { closesAt: server.clock.now() + hourMs });
    await alice.ask('message:send', input);
    const id = nameOf(alice, input.clientId);
    await alice.ask('poll:vote', { id, optionIds: input.poll.optionIds.slice(0, 1) });
    await alice.ask('room:leave', { roomUid: alone.roomUid });
    assert.equal(codeOf(await alice.call('poll:get', { id })), 'NOT_FOUND');
  });
});
