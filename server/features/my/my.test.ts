import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mutedForGood } from '#contract/my-items.ts';
import type { MyItem, MyRoom } from '#contract/my-items.ts';
import type { Answer } from '#contract/request.ts';
import { createRoom, messageFor } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { randomUid } from '../../testing/people.ts';
import { changedRoom } from './my-room-rules.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

/** Settings by room, as one answer or event has them. */
const settingsIn = (items: readonly MyItem[]): Map<string, MyRoom | null> =>
  new Map(items.flatMap((item) => (item.kind === 'room' ? [[item.key, item.value]] : [])));

describe('my own settings of rooms', () => {
  let server: TestServer;
  let alice: TestClient;
  let phone: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let room: TestRoom;
  let others: TestRoom[];
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    phone = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
    room = await createRoom(alice, [bob.person], '회의');
    others = [await createRoom(alice, [bob.person], '가'), await createRoom(alice, [bob.person], '나')];
    for (let count = 0; count < 3; count += 1) await bob.ask('message:send', messageFor(room));
  });
  after(() => server.stop());

  const nowOf = async (roomUid: string, client = alice): Promise<MyRoom | undefined> => {
    const { items } = await client.ask('my:list', {});
    return settingsIn(items).get(roomUid) ?? undefined;
  };
  const orderOf = async (client = alice): Promise<string[]> => {
    const { items } = await client.ask('my:list', {});
    return [...settingsIn(items)]
      .flatMap(([key, value]) =>
        value?.favouriteRank === undefined ? [] : [{ key, rank: value.favouriteRank }],
      )
      .sort((left, right) => left.rank - right.rank)
      .map(({ key }) => key);
  };
  /** The next event whose revision is this one or above. */
  const changedAt = (client: TestClient, rev: number) =>
    client.next('my:changed', (event) => event.rev >= rev);
  const revOf = async (client = alice): Promise<number> => (await client.ask('my:list', {})).rev;

  test('a change is told to all of one’s browsers and to nobody else; what is left out stays, null clears', async () => {
    const { roomUid } = room;
    const rev = await revOf();
    const { settings } = await alice.ask('my:set-room', { roomUid, level: 'mentions', mutedUntil: 5_000 });
    assert.deepEqual(settings, { level: 'mentions', mutedUntil: 5_000 });
    for (const client of [alice, phone]) {
      const event = await changedAt(client, rev + 1);
      assert.equal(event.rev, rev + 1);
      assert.deepEqual(event.items, [
        { kind: 'room', key: roomUid, value: { level: 'mentions', mutedUntil: 5_000 }, rev: rev + 1 },
      ]);
    }
    const more = await alice.ask('my:set-room', { roomUid, mutedUntil: mutedForGood });
    assert.deepEqual(more.settings, { level: 'mentions', mutedUntil: mutedForGood });
    const less = await phone.ask('my:set-room', { roomUid, level: 'all', mutedUntil: null });
    assert.equal(less.settings, null);
    assert.equal(await nowOf(roomUid), undefined);
    await bob.ask('account:me', {});
    assert.deepEqual(bob.received('my:changed'), []);
    assert.equal(await nowOf(roomUid, bob), undefined);
  });

  test('a repeat changes nothing: no revision, no event, over either transport', async () => {
    const { roomUid } = room;
    await alice.ask('my:set-room', { roomUid, level: 'none' });
    const rev = await revOf();
    await alice.ask('my:set-room', { roomUid, level: 'none' });
    const answer = await alice.http('PUT', `/api/rooms/${roomUid}/mine`, { level: 'none' });
    assert.deepEqual([answer.status, answer.body], [200, { settings: { level: 'none' } }]);
    assert.equal(await revOf(), rev);
    const cleared = await alice.http('PUT', `/api/rooms/${roomUid}/mine`, { level: null });
    assert.equal(cleared.status, 200);
    assert.equal(await revOf(), rev + 1);
  });

  test('only of rooms that one is in, and only what can be', async () => {
    const { roomUid } = room;
    assert.equal(codeOf(await carol.call('my:set-room', { roomUid, level: 'none' })), 'NOT_FOUND');
    assert.equal(codeOf(await carol.call('my:set-favourites', { roomUids: [roomUid] })), 'NOT_FOUND');
    const outside = await carol.http('PUT', `/api/rooms/${roomUid}/mine`, { level: 'none' });
    assert.equal(outside.status, 404);
    for (const unreadFrom of [0, 4]) {
      const answer = await alice.call('my:set-room', { roomUid, unreadFrom });
      assert.deepEqual([answer.ok, !answer.ok && answer.field], [false, 'unreadFrom']);
    }
    const twice = await alice.call('my:set-favourites', { roomUids: [roomUid, roomUid] });
    assert.equal(codeOf(twice), 'INVALID_INPUT');
    const unknown = await alice.call('my:set-favourites', { roomUids: [roomUid, randomUid()] });
    assert.equal(codeOf(unknown), 'NOT_FOUND');
    assert.deepEqual(await orderOf(), []);
  });

  test('the mark of unread leaves the cursor where it is', async () => {
    const { roomUid } = room;
    await alice.ask('room:read', { roomUid, seq: 3 });
    await alice.ask('my:set-room', { roomUid, unreadFrom: 2 });
    assert.equal((await nowOf(roomUid, phone))?.unreadFrom, 2);
    const { room: seen } = await alice.ask('room:get', { roomUid });
    assert.equal(seen.members.find(({ userUid }) => userUid === alice.userUid)?.readSeq, 3);
    await alice.ask('my:set-room', { roomUid, unreadFrom: null });
    assert.equal(await nowOf(roomUid), undefined);
  });

  test('a room is put away up to what there is, whatever the client says', async () => {
    const { roomUid } = room;
    const { settings } = await alice.ask('my:set-room', { roomUid, hiddenSeq: 1_000 });
    assert.deepEqual(settings, { hiddenSeq: 3 });
    await alice.ask('my:set-room', { roomUid, hiddenSeq: null });
  });

  test('favourites keep their order, under one revision; a new one comes last', async () => {
    const [first = room, second = room] = others;
    await alice.ask('my:set-room', { roomUid: first.roomUid, level: 'none' });
    for (const { roomUid } of [room, first, second])
      await alice.ask('my:set-room', { roomUid, isFavourite: true });
    assert.deepEqual(await orderOf(phone), [room.roomUid, first.roomUid, second.roomUid]);
    const rev = await revOf();
    const wanted = [second.roomUid, room.roomUid, first.roomUid];
    await alice.ask('my:set-favourites', { roomUids: wanted });
    const event = await changedAt(phone, rev + 1);
    assert.deepEqual([event.rev, event.items.length], [rev + 1, 3]);
    assert.deepEqual(await orderOf(phone), wanted);
    assert.equal((await nowOf(first.roomUid))?.level, 'none');
    await alice.ask('my:set-favourites', { roomUids: wanted });
    assert.equal(await revOf(), rev + 1);

    const one = await alice.http('PUT', '/api/me/favourites', { roomUids: [first.roomUid] });
    assert.equal(one.status, 200);
    assert.deepEqual(await orderOf(), [first.roomUid]);
    await alice.ask('my:set-room', { roomUid: first.roomUid, isFavourite: false, level: null });
    assert.deepEqual(await orderOf(), []);
    assert.equal(await nowOf(first.roomUid), undefined);
  });

  test('whoever comes back gets what changed, also what is gone; from nowhere, and from the future, everything', async () => {
    const { roomUid } = room;
    await alice.ask('my:set-room', { roomUid, isFavourite: true });
    const since = await revOf();
    await alice.ask('my:set-room', { roomUid, isFavourite: false });
    const [first = room] = others;
    await alice.ask('my:set-room', { roomUid: first.roomUid, level: 'none' });
    const part = await phone.ask('my:list', { since });
    assert.deepEqual([part.rev, part.isReset], [since + 2, false]);
    assert.deepEqual(
      [...settingsIn(part.items)],
      [
        [roomUid, null],
        [first.roomUid, { level: 'none' }],
      ],
    );
    for (const question of [{}, { since: part.rev + 1 }]) {
      const whole = await phone.ask('my:list', question);
      assert.deepEqual(
        [whole.rev, whole.isReset, settingsIn(whole.items).has(roomUid)],
        [part.rev, true, false],
      );
    }
    const { generation } = await phone.ask('session:sync', {});
    const synced = await phone.ask('session:sync', { generation, peopleRev: 0, rooms: [], myRev: since });
    assert.deepEqual(synced.my, part);
    // The cache of another generation is worth nothing, and with it what was known of one's own.
    const restored = await phone.ask('session:sync', {
      generation: 'x',
      peopleRev: 0,
      rooms: [],
      myRev: since,
    });
    assert.deepEqual([restored.my.rev, restored.my.isReset], [part.rev, true]);
    const nothing = await phone.ask('my:list', { since: part.rev });
    assert.deepEqual(nothing, { rev: part.rev, isReset: false, items: [] });
  });

  test('changes at the same moment make a row of revisions without a gap', async () => {
    const rev = await revOf();
    const rooms = [room, ...others];
    await Promise.all(
      rooms.map(({ roomUid }, index) =>
        (index % 2 === 0 ? alice : phone).ask('my:set-room', { roomUid, mutedUntil: 1_000 + index }),
      ),
    );
    for (const next of [rev + 1, rev + 2, rev + 3]) {
      const { items } = await phone.next('my:changed', (event) => event.rev === next);
      assert.deepEqual(
        items.map((item) => item.rev),
        [next],
      );
    }
    for (const { roomUid } of rooms) await alice.ask('my:set-room', { roomUid, mutedUntil: null });
  });

  test('a room that is removed takes its settings along; one that was left keeps them', async () => {
    const shared = await createRoom(alice, [bob.person], '다');
    const { roomUid } = shared;
    await alice.ask('my:set-room', { roomUid, isFavourite: true });
    await bob.ask('my:set-room', { roomUid, level: 'none' });
    await bob.ask('room:leave', { roomUid });
    assert.deepEqual(await nowOf(roomUid, bob), { level: 'none' });
    assert.equal(codeOf(await bob.call('my:set-room', { roomUid, level: 'all' })), 'NOT_FOUND');
    await alice.ask('room:leave', { roomUid });
    assert.equal(await nowOf(roomUid, alice), undefined);
    assert.equal(await nowOf(roomUid, bob), undefined);
  });
});

describe('settings of a room', () => {
  const facts = { lastSeq: 10, firstReadableSeq: 4, nextRank: 7 };

  test('say only what is not as usual', () => {
    assert.equal(changedRoom(null, {}, facts), null);
    assert.equal(changedRoom(null, { level: 'all', mutedUntil: null, isFavourite: false }, facts), null);
    assert.deepEqual(changedRoom(null, { isFavourite: true }, facts), { favouriteRank: 7 });
    assert.deepEqual(changedRoom({ favouriteRank: 2 }, { isFavourite: true }, facts), { favouriteRank: 2 });
    assert.deepEqual(changedRoom({ favouriteRank: 2, level: 'none' }, { level: 'all' }, facts), {
      favouriteRank: 2,
    });
  });

  test('a mark is within what one may read', () => {
    assert.deepEqual(changedRoom(null, { unreadFrom: 4 }, facts), { unreadFrom: 4 });
    assert.deepEqual(changedRoom(null, { unreadFrom: 10 }, facts), { unreadFrom: 10 });
    for (const unreadFrom of [3, 11]) assert.throws(() => changedRoom(null, { unreadFrom }, facts));
  });
});
