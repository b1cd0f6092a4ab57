import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '#contract/request.ts';
import { epochInput } from '../../testing/people.ts';
import { createRoom, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

describe('rooms that anybody may find', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    [alice, bob, carol] = await Promise.all([
      server.connectAs('alice'),
      server.connectAs('bob'),
      server.connectAs('carol'),
    ]);
  });
  after(() => server.stop());

  async function createListed(title: string, description = ''): Promise<TestRoom> {
    const room = await createRoom(alice, [bob.person], title);
    await alice.ask('room:set-policies', { roomUid: room.roomUid, isListed: true });
    if (description !== '') await alice.ask('room:describe', { roomUid: room.roomUid, description });
    return room;
  }
  const requestChange = (client: TestClient, { roomUid }: TestRoom, state: string) =>
    client.next('room:request-changed', (event) => event.roomUid === roomUid && event.state === state);
  const findAs = async (client: TestClient, query: string) =>
    (await client.ask('room:discover', { query })).rooms.map(({ roomUid }) => roomUid);

  test('are found by words of title and description; others are not', async () => {
    const hidden = await createRoom(alice, [bob.person], '비밀 등산 모임');
    const hiking = await createListed('등산 모임', '주말마다 Bukhansan 100%');
    assert.deepEqual(await findAs(carol, '모임 등산'), [hiking.roomUid]);
    assert.deepEqual(await findAs(carol, 'bukhansan 100%'), [hiking.roomUid]);
    assert.deepEqual(await findAs(carol, '10_%'), []);
    const [found] = (await bob.ask('room:discover', { query: '등산' })).rooms;
    assert.deepEqual([found?.memberCount, found?.isMember, found?.request], [2, true, null]);
    const unlisted = { roomUid: hidden.roomUid };
    assert.equal(codeOf(await carol.call('room:ask', unlisted)), 'NOT_FOUND');
    await alice.ask('room:set-policies', { roomUid: hiking.roomUid, isListed: false });
    assert.deepEqual(await findAs(carol, '등산'), []);
  });

  test('come in pages by title', async () => {
    for (let made = 0; made < 51; made += 1) await createListed(`페이지 ${String(made).padStart(2, '0')}`);
    const first = await carol.ask('room:discover', { query: '페이지' });
    assert.deepEqual([first.rooms.length, first.hasMore], [50, true]);
    const lastUid = first.rooms.at(-1)?.roomUid ?? '';
    const second = await carol.ask('room:discover', { query: '페이지', after: lastUid });
    assert.deepEqual(
      second.rooms.map(({ title }) => title),
      ['페이지 50'],
    );
    assert.equal(second.hasMore, false);
  });

  test('a request reaches owner and admins at once and nobody else, and can be taken back', async () => {
    const room = await createListed('독서');
    const { roomUid } = room;
    await carol.ask('room:ask', { roomUid });
    await carol.ask('room:ask', { roomUid });
    const event = await requestChange(alice, room, 'pending');
    assert.equal(event.userUid, carol.userUid);
    await requestChange(carol, room, 'pending');
    assert.deepEqual(
      (await alice.ask('room:requests', {})).waiting.filter((request) => request.roomUid === roomUid),
      [{ roomUid, userUid: carol.userUid, askedAt: event.askedAt, origin: 'asked' }],
    );
    assert.deepEqual((await bob.ask('room:requests', {})).waiting, []);
    assert.deepEqual(bob.received('room:request-changed'), []);
    assert.equal(codeOf(await bob.call('room:decline', { roomUid, userUid: carol.userUid })), 'FORBIDDEN');
    await carol.ask('room:withdraw', { roomUid });
    await requestChange(alice, room, 'withdrawn');
    await carol.ask('room:withdraw', { roomUid });
    const answered = await alice.call('room:decline', { roomUid, userUid: carol.userUid });
    assert.equal(codeOf(answered), 'NOT_FOUND');
    assert.equal(codeOf(await bob.call('room:ask', { roomUid })), 'ALREADY_MEMBER');
  });

  test('a declined request is not made anew on the same day', async () => {
    const room = await createListed('탁구');
    const { roomUid } = room;
    await carol.ask('room:ask', { roomUid });
    await alice.ask('room:decline', { roomUid, userUid: carol.userUid });
    await alice.ask('room:decline', { roomUid, userUid: carol.userUid });
    await requestChange(carol, room, 'declined');
    const [found] = (await carol.ask('room:discover', { query: '탁구' })).rooms;
    assert.equal(found?.request, 'declined');
    await carol.ask('room:withdraw', { roomUid });
    const refused = await carol.call('room:ask', { roomUid });
    assert.ok(!refused.ok && refused.code === 'RATE_LIMITED');
    assert.equal(refused.retryAfterMs, 24 * 3_600_000);
    server.clock.advance(24 * 3_600_000);
    assert.equal(codeOf(await carol.call('room:ask', { roomUid })), 'OK');
    const entries = (await alice.ask('room:audit', { roomUid })).entries;
    assert.equal(entries.filter(({ action }) => action === 'request-declined').length, 1);
  });

  test('accepting is an invitation: the asker is in, and the request is gone for everybody', async () => {
    const room = await createListed('점심');
    const { roomUid } = room;
    await carol.ask('room:ask', { roomUid });
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    await alice.ask('room:invite', { roomUid, epoch: epochInput(epoch) });
    await carol.next('room:joined', (state) => state.room.roomUid === roomUid);
    await requestChange(carol, room, 'accepted');
    await requestChange(alice, room, 'accepted');
    const { waiting } = await alice.ask('room:requests', {});
    assert.deepEqual(
      waiting.filter((request) => request.roomUid === roomUid),
      [],
    );
    const [newest] = (await alice.ask('room:audit', { roomUid })).entries;
    assert.deepEqual([newest?.action, newest?.subject], ['request-accepted', carol.userUid]);
  });

  test('whoever deletes their account asks no more', async () => {
    const room = await createListed('영화');
    const erin = await server.connectAs('erin');
    await erin.ask('room:ask', { roomUid: room.roomUid });
    await requestChange(alice, room, 'pending');
    await erin.http('DELETE', '/api/me', { authKey: erin.person.authKey });
    const event = await requestChange(alice, room, 'withdrawn');
    assert.equal(event.userUid, erin.userUid);
  });
});

test('asking and taking it back, again and again, comes to an end', async (t) => {
  const server = await startTestServer({ config: { socketSendMessagePerMinute: 3 } });
  t.after(() => server.stop());
  const alice = await server.connectAs('alice');
  const bob = await server.connectAs('bob');
  const { roomUid } = await createRoom(alice, [], '열린 방');
  await alice.ask('room:set-policies', { roomUid, isListed: true });
  const codes: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    codes.push(codeOf(await bob.call('room:ask', { roomUid })));
    await bob.ask('room:withdraw', { roomUid });
  }
  assert.deepEqual(codes, ['OK', 'OK', 'OK', 'RATE_LIMITED']);
});
