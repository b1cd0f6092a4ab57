import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createPerson, registrationOf } from './testing/people.ts';
import { createRoom, messageFor } from './testing/rooms.ts';
import { startTestServer } from './testing/test-server.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-start-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

test('a stop answers what was asked before, keeps it, and lets clients come back by themselves', async () => {
  const first = await startTestServer({ dataDir });
  const [alice, bob] = [await first.connectAs('alice'), await first.connectAs('bob')];
  const room = await createRoom(alice, [bob.person]);
  const answered: number[] = [];
  const send = async (): Promise<void> => {
    const answer = await alice.call('message:send', messageFor(room));
    if (answer.ok) answered.push(answer.value.seq);
  };
  for (let count = 0; count < 20; count += 1) void send();
  await bob.next('message:sent'); // the first is through, the others are on their way
  const reasons = Promise.all([alice.disconnected(), bob.disconnected()]);
  await first.server.stop();
  // `io server disconnect` would tell Socket.IO's client not to reconnect
  assert.deepEqual(await reasons, ['transport close', 'transport close']);
  assert.ok(answered.length >= 1);

  const second = await startTestServer({ dataDir });
  try {
    const { username, authKey } = bob.person;
    const browser = second.browser();
    const signedIn = await browser.request('POST', '/api/login', { username, authKey });
    assert.equal(signedIn.status, 200);
    const page = await browser.request('GET', `/api/rooms/${room.roomUid}/messages`);
    const stored = Object(page.body).messages.map(({ seq }: { seq: number }) => seq);
    for (const seq of answered) assert.ok(stored.includes(seq), `${seq} was answered`);
    assert.equal(second.setupCode, null, 'there are accounts, so no code');
  } finally {
    await second.stop();
  }
});

test('a start that fails leaves nothing locked behind', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  const { port } = blocker.address() as AddressInfo; // a TCP server that listens has one
  await assert.rejects(startTestServer({ dataDir, config: { port } }), { code: 'EADDRINUSE' });
  await new Promise((resolve) => blocker.close(resolve));
  const server = await startTestServer({ dataDir, config: { port } });
  assert.equal(server.port, port);
  await server.stop();
});

test('the first account needs the code that the start shows, unless it is made on the machine itself', async () => {
  const server = await startTestServer();
  try {
    const { setupCode } = server;
    assert.match(setupCode ?? '', /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4})+$/);
    const forwarded = { 'x-forwarded-for': '192.168.0.9' };
    const register = (code?: string) => {
      const input = {
        ...registrationOf(createPerson('owner')),
        ...(code === undefined ? {} : { setUpCode: code }),
      };
      return server.browser().request('POST', '/api/register', input, forwarded);
    };
    assert.equal(Object((await register()).body).code, 'SETUP_CODE_WRONG');
    assert.equal(Object((await register('0000-0000-0000')).body).code, 'SETUP_CODE_WRONG');
    const made = await register(setupCode?.toLowerCase());
    assert.equal(Object(made.body).me?.role, 'owner', made.text);
  } finally {
    await server.stop();
  }
});

test('a server says how it is doing', async () => {
  const server = await startTestServer();
  try {
    const alice = await server.connectAs('alice');
    await alice.ask('account:me', {});
    const { gateway, database, startedAt } = server.server.stats();
    assert.deepEqual([gateway.connections, gateway.peopleOnline], [1, 1]);
    assert.ok(gateway.requests >= 3 && database.databaseBytes > 0 && startedAt > 0);
  } finally {
    await server.stop();
  }
});
