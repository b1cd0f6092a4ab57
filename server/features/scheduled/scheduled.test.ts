import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '#contract/request.ts';
import type { ScheduledMessage } from '#contract/scheduled.ts';
import { createEnvelope, epochInput, randomUid } from '../../testing/people.ts';
import { createRoom, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);
const minuteMs = 60_000;

describe('a message that waits for its time', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-scheduled-'));
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let room: TestRoom;
  before(async () => {
    server = await startTestServer({ dataDir, isClockStill: true });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    carol = await server.connectAs('carol');
    room = await createRoom(alice, [bob.person], '회의');
    await bob.next('room:joined', (state) => state.room.roomUid === room.roomUid);
  });
  after(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const scheduledFor = (deliverAt: number) => ({
    roomUid: room.roomUid,
    clientId: randomUid(),
    envelope: createEnvelope(room.epoch.epoch),
    deliverAt,
  });
  const inMinutes = (minutes: number): number => server.clock.now() + minutes * minuteMs;
  const changeOf = async (
    client: TestClient,
    clientId: string,
    fits: (now: ScheduledMessage | null) => boolean,
  ) =>
    (await client.next('scheduled:changed', (event) => event.clientId === clientId && fits(event.message)))
      .message;
  const isGone = (message: ScheduledMessage | null): boolean => message === null;

  test('is seen by its author alone until then, and is sent exactly then, as any message', async () => {
    const phone = await server.connectAs('alice');
    const input = scheduledFor(inMinutes(10));
    await alice.ask('scheduled:put', input);
    await alice.ask('scheduled:put', input);
    assert.equal((await changeOf(phone, input.clientId, () => true))?.state, 'waiting');
    assert.deepEqual(
      (await phone.ask('scheduled:list', {})).messages.map(({ clientId, deliverAt }) => [
        clientId,
        deliverAt,
      ]),
      [[input.clientId, input.deliverAt]],
    );
    assert.deepEqual((await bob.ask('scheduled:list', {})).messages, []);
    server.clock.advance(10 * minuteMs - 1);
    await bob.ask('account:me', {});
    assert.deepEqual(bob.received('message:sent'), []);
    server.clock.advance(1);
    const { message } = await bob.next('message:sent', (event) => event.message.clientId === input.clientId);
    assert.deepEqual([message.senderUid, message.envelope], [alice.userUid, input.envelope]);
    assert.equal(message.sentAt, input.deliverAt);
    await changeOf(phone, input.clientId, isGone);
    assert.deepEqual((await alice.ask('scheduled:list', {})).messages, []);
    // its answer was lost and it is asked for again: it went out once
    await alice.ask('scheduled:put', { ...input, deliverAt: inMinutes(5) });
    assert.deepEqual((await alice.ask('scheduled:list', {})).messages, []);
    assert.deepEqual(carol.received('message:sent'), []);
  });

  test('can be changed, sent now, and taken back', async () => {
    const input = scheduledFor(inMinutes(10));
    await alice.ask('scheduled:put', input);
    const later = { ...input, envelope: createEnvelope(1), deliverAt: inMinutes(60) };
    const { clientId, ...body } = later;
    assert.equal((await alice.http('PUT', `/api/me/scheduled/${clientId}`, body)).status, 200);
    server.clock.advance(20 * minuteMs);
    await bob.ask('account:me', {});
    assert.ok(bob.received('message:sent').every(({ message }) => message.clientId !== clientId));
    await alice.ask('scheduled:put', { ...later, deliverAt: server.clock.now() });
    const { message } = await bob.next('message:sent', (event) => event.message.clientId === clientId);
    assert.equal(message.envelope, later.envelope);

    const second = scheduledFor(inMinutes(10));
    await alice.ask('scheduled:put', second);
    // nobody else can take it back
    await bob.ask('scheduled:cancel', { clientId: second.clientId });
    assert.equal((await alice.ask('scheduled:list', {})).messages.length, 1);
    await alice.ask('scheduled:cancel', { clientId: second.clientId });
    await changeOf(alice, second.clientId, isGone);
    server.clock.advance(20 * minuteMs);
    await bob.ask('account:me', {});
    assert.ok(bob.received('message:sent').every((event) => event.message.clientId !== second.clientId));
  });

  test('is refused in the past, too far ahead, and where one is not', async () => {
    assert.equal(codeOf(await alice.call('scheduled:put', scheduledFor(inMinutes(-10)))), 'TIME_PASSED');
    const far = scheduledFor(inMinutes(60 * 24 * 400));
    assert.equal(codeOf(await alice.call('scheduled:put', far)), 'TIME_TOO_FAR');
    assert.equal(codeOf(await carol.call('scheduled:put', scheduledFor(inMinutes(5)))), 'NOT_FOUND');
  });

  test('is refused at once where one may not write or not call everybody, and fails if that changes later', async () => {
    const { roomUid } = room;
    const waiting = scheduledFor(inMinutes(5));
    await bob.ask('scheduled:put', waiting);
    await alice.ask('room:set-policies', { roomUid, mentionAll: 'admins' });
    const toAll = { ...scheduledFor(inMinutes(5)), mentions: { userUids: [], isAll: true } };
    assert.equal(codeOf(await bob.call('scheduled:put', toAll)), 'CALLING_ALL_RESTRICTED');
    await alice.ask('room:set-policies', { roomUid, post: 'admins' });
    assert.equal(codeOf(await bob.call('scheduled:put', scheduledFor(inMinutes(5)))), 'POSTING_RESTRICTED');
    server.clock.advance(5 * minuteMs);
    const failed = await changeOf(bob, waiting.clientId, (now) => now?.state === 'failed');
    assert.equal(failed?.reason, 'POSTING_RESTRICTED');
    await bob.ask('scheduled:cancel', { clientId: waiting.clientId });
    await alice.ask('room:set-policies', { roomUid, post: 'everyone', mentionAll: 'everyone' });
  });

  test('that was sealed before the room’s keys moved on waits for its author, and goes as soon as it is sealed anew', async () => {
    const input = scheduledFor(inMinutes(10));
    await alice.ask('scheduled:put', input);
    const epoch = nextEpoch(room, bob.person, [alice.person, bob.person]);
    await bob.ask('room:rekey', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    room = { ...room, epoch };
    server.clock.advance(11 * minuteMs);
    const waiting = await changeOf(alice, input.clientId, (now) => now?.state === 'needs-reseal');
    assert.equal(waiting?.reason, null);
    const envelope = createEnvelope(room.epoch.epoch);
    await alice.ask('scheduled:put', { ...input, envelope });
    const { message } = await bob.next('message:sent', (event) => event.message.clientId === input.clientId);
    assert.equal(message.envelope, envelope);
  });

  test('survives a restart, and is sent once', async () => {
    const input = scheduledFor(inMinutes(10));
    await alice.ask('scheduled:put', input);
    const people = [alice.person, bob.person, carol.person] as const;
    await server.server.stop();
    server = await startTestServer({ dataDir, isClockStill: true });
    [alice, bob, carol] = (await Promise.all(
      people.map((person) => connectTestClient(server.port, person)),
    )) as [TestClient, TestClient, TestClient];
    server.clock.advance(24 * 60 * minuteMs);
    const isSent = async (): Promise<boolean> => {
      const { messages } = await bob.ask('message:page', { roomUid: room.roomUid });
      return messages.some((message) => message.clientId === input.clientId);
    };
    while (!(await isSent()));
    assert.deepEqual((await alice.ask('scheduled:list', {})).messages, []);
  });

  test('of somebody who was removed stays with them and says why', async () => {
    const input = { ...scheduledFor(inMinutes(10)) };
    await bob.ask('scheduled:put', input);
    const epoch = nextEpoch(room, alice.person, [alice.person]);
    await alice.ask('room:kick', { roomUid: room.roomUid, userUid: bob.userUid, epoch: epochInput(epoch) });
    server.clock.advance(11 * minuteMs);
    const failed = await changeOf(bob, input.clientId, (now) => now?.state === 'failed');
    assert.equal(failed?.reason, 'NOT_FOUND');
    const { messages } = await bob.ask('scheduled:list', {});
    assert.deepEqual(
      messages.map(({ envelope }) => envelope),
      [input.envelope],
    );
  });
});
