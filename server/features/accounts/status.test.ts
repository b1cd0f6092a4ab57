import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const minuteMs = 60_000;

describe('a status that ends by itself', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let phone: TestClient;
  let carol: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    phone = await connectTestClient(server.port, bob.person);
    carol = await server.connectAs('carol');
    await createRoom(alice, [bob.person], '회의');
  });
  after(async () => {
    phone.close();
    await server.stop();
  });

  const isOf =
    (text: string) =>
    ({ person }: { person: { userUid: string; statusText: string } }): boolean =>
      person.userUid === bob.userUid && person.statusText === text;
  const inMinutes = (minutes: number): number => server.clock.now() + minutes * minuteMs;

  test('is seen with its end, and gone exactly then, for everybody who saw it', async () => {
    const until = inMinutes(30);
    const me = await bob.ask('account:update', { statusText: '회의 중', statusUntil: until });
    assert.deepEqual([me.statusText, me.statusUntil], ['회의 중', until]);
    const { person } = await alice.next('person:updated', isOf('회의 중'));
    assert.equal(person.statusUntil, until);
    await phone.next('me:updated', (event) => event.me.statusText === '회의 중');
    server.clock.advance(30 * minuteMs - 1);
    assert.equal((await bob.ask('account:me', {})).statusText, '회의 중');
    server.clock.advance(1);
    const gone = await alice.next('person:updated', isOf(''));
    assert.equal(gone.person.statusUntil, undefined);
    assert.ok(gone.person.rev > person.rev, 'who was away learns it by the revision');
    await phone.next('me:updated', (event) => event.me.statusText === '');
    const { people } = await alice.ask('people:get', { userUids: [bob.userUid] });
    assert.equal(people[0]?.statusText, '');
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('person:updated'), []);
  });

  test('keeps its end through other changes, loses it with a new text, and may be put off or let stay', async () => {
    const until = inMinutes(60);
    await bob.ask('account:update', { statusText: '외근', statusUntil: until });
    assert.equal((await bob.ask('account:update', { title: '과장' })).statusUntil, until);
    const later = inMinutes(120);
    assert.equal((await bob.ask('account:update', { statusUntil: later })).statusUntil, later);
    server.clock.advance(61 * minuteMs);
    assert.equal(
      (await bob.ask('account:me', {})).statusText,
      '외근',
      'the first end does not count any more',
    );
    assert.equal((await bob.ask('account:update', { statusUntil: null })).statusUntil, undefined);
    server.clock.advance(90 * minuteMs);
    assert.equal((await bob.ask('account:me', {})).statusText, '외근');
    await bob.ask('account:update', { statusText: '점심', statusUntil: inMinutes(10) });
    assert.equal((await bob.ask('account:update', { statusText: '재택' })).statusUntil, undefined);
    assert.equal((await bob.ask('account:update', { statusText: '' })).statusText, '');
  });

  test('of two people the earlier end comes first, whoever said so first', async () => {
    await bob.ask('account:update', { statusText: '휴가', statusUntil: inMinutes(600) });
    await alice.ask('account:update', { statusText: '통화 중', statusUntil: inMinutes(5) });
    server.clock.advance(5 * minuteMs);
    await alice.next('me:updated', ({ me }) => me.statusText === '');
    assert.equal((await bob.ask('account:me', {})).statusText, '휴가');
    await bob.ask('account:update', { statusText: '' });
  });

  test('cannot end in the past or years ahead', async () => {
    for (const statusUntil of [server.clock.now(), inMinutes(500 * 24 * 60)]) {
      const answer = await bob.call('account:update', { statusText: '휴가', statusUntil });
      assert.deepEqual(answer.ok ? 'OK' : [answer.code, answer.field], ['INVALID_INPUT', 'statusUntil']);
    }
    assert.equal((await bob.ask('account:me', {})).statusText, '');
  });
});

test('a status that ended while the server was not running is gone when it is back', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-status-'));
  try {
    // an hour ago, so that the end is over when the server starts again
    const first = await startTestServer({ dataDir, isClockStill: true });
    first.clock.advance(-60 * minuteMs);
    const alice = await first.connectAs('alice');
    const statusUntil = first.clock.now() + minuteMs;
    await alice.ask('account:update', { statusText: '통화 중', statusUntil });
    await first.stop();
    const second = await startTestServer({ dataDir });
    const again = await connectTestClient(second.port, alice.person);
    while ((await again.ask('account:me', {})).statusText !== '') continue;
    again.close();
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
