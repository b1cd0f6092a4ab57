import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import { epochInput } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { createTestClock } from '../../testing/test-clock.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { createPresence } from './presence.ts';

describe('presence', () => {
  let server: TestServer;
  let alice: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    carol = await server.connectAs('carol');
  });
  after(() => server.stop());

  /** Lets two seconds pass until the socket has seen what they brought. */
  const pass = async (): Promise<void> => {
    server.clock.advance(2_000);
    await alice.ask('account:me', {});
  };

  /** The server hears of a closed socket a moment later than the one who closed it. */
  const untilOnline = async (people: number): Promise<void> => {
    while (server.server.stats().gateway.peopleOnline !== people) await carol.ask('account:me', {});
  };

  test('people who share a room learn of many changes in one event, others learn nothing', async () => {
    const people = await Promise.all(['bob', 'dave', 'erin'].map((name) => server.person(name)));
    await createRoom(alice, people, '회의');
    await pass();
    const clients = await Promise.all(people.map((person) => server.connectAs(person.username)));
    await pass();
    const event = await alice.next('presence:changed', ({ online }) => online.length === 3);
    assert.deepEqual(event.online.sort(), people.map((person) => person.userUid).sort());
    for (const client of clients) client.close();
    await Promise.all(clients.map((client) => client.disconnected()));
    const gone = alice.next('presence:changed', ({ offline }) => offline.length === 3);
    await untilOnline(2);
    await pass();
    await gone;
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('presence:changed'), []);
  });

  test('somebody with two devices is offline only when both are gone', async () => {
    const one = await server.connectAs('frank');
    const two = await server.connectAs('frank');
    await createRoom(alice, [one.person]);
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(one.userUid));
    const connections = server.server.stats().gateway.connections;
    one.close();
    while (server.server.stats().gateway.connections === connections) await carol.ask('account:me', {});
    await pass();
    assert.deepEqual(
      alice.received('presence:changed').filter((event) => event.offline.includes(one.userUid)),
      [],
    );
    two.close();
    await untilOnline(2);
    await pass();
    await alice.next('presence:changed', ({ offline }) => offline.includes(one.userUid));
  });

  test('an invited person and the room learn of each other', async () => {
    const room = await createRoom(alice, [], '새 방');
    await pass();
    const epoch = nextEpoch(room, alice.person, [alice.person, carol.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(carol.userUid));
    await carol.next('presence:changed', ({ online }) => online.includes(alice.userUid));
  });

  test('somebody is away once every page of theirs says so, and back with the first that does not', async () => {
    const one = await server.connectAs('grace');
    const two = await server.connectAs('grace');
    await createRoom(alice, [one.person]);
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(one.userUid));
    await one.ask('presence:report', { isAway: true });
    await pass();
    const isToldAway = ({ away }: { away: string[] }): boolean => away.includes(one.userUid);
    assert.deepEqual(alice.received('presence:changed').filter(isToldAway), [], 'one page is looked at');
    await two.ask('presence:report', { isAway: true });
    await pass();
    await alice.next('presence:changed', isToldAway);
    const synced = await alice.ask('session:sync', {});
    assert.ok(synced.onlineUids.includes(one.userUid), 'away is connected');
    assert.deepEqual(synced.awayUids, [one.userUid]);
    await two.ask('presence:report', { isAway: false });
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(one.userUid));
    await two.ask('presence:report', { isAway: true });
    await pass();
    await alice.next('presence:changed', isToldAway);
    const three = await server.connectAs('grace');
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(one.userUid));
    for (const client of [one, two, three]) client.close();
    await untilOnline(2);
    await pass();
    await alice.next('presence:changed', ({ offline }) => offline.includes(one.userUid));
    assert.deepEqual((await alice.ask('session:sync', {})).awayUids, []);
    const answer = await alice.http('PUT', '/api/presence', { isAway: true });
    assert.equal((answer.body as { code: string }).code, 'METHOD_NOT_ALLOWED');
  });

  test('a state that lasted less than two seconds, but was asked for meanwhile, is put right', async () => {
    const heidi = await server.connectAs('heidi');
    await createRoom(alice, [heidi.person]);
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(heidi.userUid));
    heidi.close();
    await untilOnline(2);
    assert.ok(!(await alice.ask('session:sync', {})).onlineUids.includes(heidi.userUid));
    const again = await server.connectAs('heidi');
    await pass();
    await alice.next('presence:changed', ({ online }) => online.includes(heidi.userUid));
    again.close();
    await untilOnline(2);
    await pass();
  });

  test('when somebody was last seen is for those who share a room, to the minute, and outlives a restart', async () => {
    const ivan = await server.connectAs('ivan');
    const judy = await server.person('judy');
    await createRoom(alice, [ivan.person]);
    const ask = async (client: TestClient) =>
      (await client.ask('presence:last-seen', { userUids: [ivan.userUid, judy.userUid] })).lastSeen;
    assert.deepEqual(await ask(alice), [], 'nobody was seen to go yet');
    ivan.close();
    await untilOnline(2);
    const minute = Math.floor(server.clock.now() / 60_000) * 60_000;
    assert.deepEqual(await ask(alice), [{ userUid: ivan.userUid, at: minute }]);
    assert.deepEqual(await ask(carol), [], 'carol shares no room with ivan');
    server.clock.advance(10_000);
    await alice.ask('account:update', { title: '과장' });
    assert.deepEqual(await ask(alice), [{ userUid: ivan.userUid, at: minute }], 'written by now');
    const overHttp = await alice.http('POST', '/api/presence/query', { userUids: [ivan.userUid] });
    assert.deepEqual(overHttp.body, { lastSeen: [{ userUid: ivan.userUid, at: minute }] });
  });

  test('typing reaches the other people of the room who are connected, and nobody else', async () => {
    const bob = await server.connectAs('bob');
    const phone = await connectTestClient(server.port, alice.person);
    const room = await createRoom(alice, [bob.person], '회의');
    assert.deepEqual(await alice.ask('typing:start', { roomUid: room.roomUid }), {});
    const told = await bob.next('typing:started');
    assert.deepEqual(told, { roomUid: room.roomUid, userUid: alice.userUid });
    assert.equal((await alice.http('POST', `/api/rooms/${room.roomUid}/typing`, {})).status, 200);
    await bob.next('typing:started');
    const refused = await carol.call('typing:start', { roomUid: room.roomUid });
    assert.equal(refused.ok ? 'OK' : refused.code, 'NOT_FOUND');
    for (const client of [alice, phone, carol]) {
      await client.ask('account:me', {});
      assert.deepEqual(client.received('typing:started'), []);
    }
    phone.close();
    bob.close();
  });

  test('where only admins write, nobody else is shown as typing', async () => {
    const bob = await server.connectAs('bob');
    const { roomUid } = await createRoom(alice, [bob.person], '공지');
    await alice.ask('room:set-policies', { roomUid, post: 'admins' });
    const refused = await bob.call('typing:start', { roomUid });
    assert.equal(refused.ok ? 'OK' : refused.code, 'POSTING_RESTRICTED');
    await alice.ask('typing:start', { roomUid });
    await bob.next('typing:started', (event) => event.roomUid === roomUid);
    assert.deepEqual(
      alice.received('typing:started').filter((event) => event.roomUid === roomUid),
      [],
    );
    bob.close();
  });
});

test('typing has points of its own, and in a large room nobody is told', async () => {
  const server = await startTestServer({ config: { socketSendMessagePerMinute: 3 } });
  try {
    const alice = await server.connectAs('alice');
    const bob = await server.connectAs('bob');
    const room = await createRoom(alice, [bob.person], '회의');
    const { roomUid } = room;
    for (let count = 0; count < 3; count += 1) await alice.ask('typing:start', { roomUid });
    const refused = await alice.call('typing:start', { roomUid });
    assert.equal(refused.ok ? 'OK' : refused.code, 'RATE_LIMITED');
    await alice.ask('message:send', messageFor(room));
    await bob.next('typing:started');

    const names = Array.from({ length: limits.typingMembersMax - 1 }, (_, index) => `person${index}`);
    const crowd = await Promise.all(names.map((name) => server.person(name)));
    const large = await createRoom(alice, [bob.person, ...crowd], '모두');
    await bob.ask('typing:start', { roomUid: large.roomUid });
    await alice.ask('account:me', {});
    assert.deepEqual(alice.received('typing:started'), []);
  } finally {
    await server.stop();
  }
});

test('who comes back after a restart was last seen when the server stopped', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-last-seen-'));
  try {
    const first = await startTestServer({ dataDir, isClockStill: true });
    const bob = await first.person('bob');
    const alice = await first.connectAs('alice');
    await first.connectAs('bob');
    await createRoom(alice, [bob]);
    const minute = Math.floor(first.clock.now() / 60_000) * 60_000;
    await first.stop();
    const second = await startTestServer({ dataDir, isClockStill: true });
    const again = await connectTestClient(second.port, alice.person);
    const { lastSeen } = await again.ask('presence:last-seen', { userUids: [bob.userUid] });
    assert.deepEqual(lastSeen, [{ userUid: bob.userUid, at: minute }]);
    again.close();
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('sockets that close after the stop ask nothing of a database that is closed by then', async () => {
  const clock = createTestClock({ isStill: true });
  const asked: string[] = [];
  const note = (what: string) => () => void asked.push(what);
  const presence = createPresence({
    clock,
    database: new Proxy({} as never, { get: note('the database') }), // nothing of it may be touched
    deliver: note('the audience'),
    online: { isOnline: () => false, onlineIn: () => [], connectionsOf: () => 0 },
    onBug: note('a bug'),
  });
  presence.stop();
  presence.disconnected('alice');
  clock.advance(10_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(asked, []);
});
