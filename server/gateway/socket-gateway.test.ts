import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { contractVersion } from '#contract/server-info.ts';
import { logger } from '../logger.ts';
import { createRoom, messageFor } from '../testing/rooms.ts';
import { connected, openTestSocket } from '../testing/test-client.ts';
import type { TestClient } from '../testing/test-client.ts';
import { startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';
import { createAudience } from './audience.ts';
import { createCsrfTokens } from './csrf.ts';
import { endSession } from './delivery.ts';
import type { Dispatch } from './dispatch.ts';
import { createRequestIds } from './request-ids.ts';
import { createSocketGateway, createSocketServer } from './socket-gateway.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

let server: TestServer;
let alice: TestClient;
let bob: TestClient;

before(async () => {
  server = await startTestServer({ config: { connectionsPerUser: 4 } });
  alice = await server.connectAs('alice');
  bob = await server.connectAs('bob');
});
after(() => server.stop());

type Options = NonNullable<Parameters<typeof openTestSocket>[2]>;

/** The code with which a handshake is refused, or `in`. */
async function handshake(options: Options, cookie = bob.browser.cookieHeader()): Promise<unknown> {
  const socket = openTestSocket(server.port, cookie, options);
  try {
    await connected(socket);
    return 'in';
  } catch (error) {
    assert.ok(error instanceof Error && 'data' in error);
    const { code, ok } = Object(error.data);
    assert.equal(ok, false);
    assert.equal(code, error.message);
    return code;
  } finally {
    socket.close();
  }
}

test('a handshake needs a session, the right contract and the messenger’s own page', async () => {
  assert.equal(await handshake({}), 'in');
  assert.equal(await handshake({}, ''), 'NOT_SIGNED_IN');
  assert.equal(await handshake({}, `maru-${server.port}=${'A'.repeat(43)}`), 'NOT_SIGNED_IN');
  for (const auth of [{ contractVersion: contractVersion + 1 }, {}, { contractVersion: 'x' }]) {
    assert.equal(await handshake({ auth }), 'CONTRACT_OUTDATED');
  }
  assert.equal(await handshake({ headers: { origin: 'http://evil.example' } }), 'ORIGIN_NOT_ALLOWED');
  assert.equal(await handshake({ headers: { origin: 'null' } }), 'ORIGIN_NOT_ALLOWED');
});

test('where a browser names no origin, the token of the session stands in', async () => {
  const transports = ['polling'];
  const nothing = { origin: '' }; // an empty header counts as one that is not a known origin
  assert.equal(await handshake({ transports, headers: nothing }), 'ORIGIN_NOT_ALLOWED');
  const { csrfToken } = bob.signedIn;
  const poll = (headers: Record<string, string>, csrf?: string) => pollHandshake(headers, csrf);
  assert.equal(await poll({}), 'ORIGIN_NOT_ALLOWED');
  assert.equal(await poll({}, alice.signedIn.csrfToken), 'ORIGIN_NOT_ALLOWED');
  assert.equal(await poll({}, csrfToken), 'in');
  assert.equal(await poll({ 'sec-fetch-site': 'same-origin' }), 'in');
  assert.equal(await poll({ 'sec-fetch-site': 'cross-site' }, csrfToken), 'ORIGIN_NOT_ALLOWED');
});

/** A polling handshake by hand: the client library always sends the origin it was given. */
async function pollHandshake(headers: Record<string, string>, csrf?: string): Promise<string> {
  const base = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const all = { cookie: bob.browser.cookieHeader(), ...headers };
  const opened = await (await fetch(base, { headers: all })).text();
  const { sid } = JSON.parse(opened.slice(1));
  const auth = JSON.stringify({ contractVersion, ...(csrf === undefined ? {} : { csrf }) });
  await fetch(`${base}&sid=${sid}`, { method: 'POST', headers: all, body: `40${auth}` });
  const answer = await (await fetch(`${base}&sid=${sid}`, { headers: all })).text();
  await fetch(`${base}&sid=${sid}`, { method: 'POST', headers: all, body: '1' });
  return answer.startsWith('44') ? JSON.parse(answer.slice(2)).message : 'in';
}

test('one person has so many connections and no more', async () => {
  const sockets = await Promise.all([1, 2, 3].map(() => server.connectAs('bob')));
  assert.equal(await handshake({}), 'TOO_MANY_CONNECTIONS');
  assert.equal(await handshake({}, alice.browser.cookieHeader()), 'in');
  const [first] = sockets;
  first?.close();
  await first?.disconnected();
  for (const socket of sockets) socket.close();
});

test('one address has so many connections and no more', async () => {
  const small = await startTestServer({ config: { connectionsPerAddress: 2 } });
  try {
    const [carol] = [await small.connectAs('alice'), await small.connectAs('bob')];
    const third = openTestSocket(small.port, carol.browser.cookieHeader());
    await assert.rejects(connected(third), { message: 'TOO_MANY_CONNECTIONS' });
    third.close();
  } finally {
    await small.stop();
  }
});

const emit = (client: TestClient, ...args: unknown[]): Promise<Record<string, unknown>> =>
  new Promise((resolve) => {
    const [name, ...rest] = args;
    client.socket.emit(String(name), ...rest, resolve);
  });

test('unknown names, HTTP-only requests and wrong arguments are refused with a code', async () => {
  assert.equal((await emit(bob, 'no:such', {}))['code'], 'NOT_FOUND');
  assert.equal((await emit(bob, 'toString', {}))['code'], 'NOT_FOUND');
  assert.equal((await emit(bob, '__proto__', {}))['code'], 'NOT_FOUND');
  assert.equal((await emit(bob, 'account:login', {}))['code'], 'METHOD_NOT_ALLOWED');
  assert.equal((await emit(bob, 'account:me', {}, {}))['code'], 'INVALID_INPUT');
  assert.equal((await emit(bob, 'room:get', Buffer.from('x')))['code'], 'INVALID_INPUT');
  assert.equal((await emit(bob, 'room:get', { roomUid: Buffer.from('x') }))['field'], 'roomUid');
  assert.equal((await emit(bob, 'account:me'))['ok'], true);
});

test('a request without an acknowledgement does nothing and breaks nothing', async () => {
  bob.socket.emit('account:update', { statusText: 'without an ack' });
  bob.socket.emit('account:update', { statusText: 'without an ack' }, 'not a function');
  bob.socket.emit('error', 'an event that Node would throw');
  const me = await bob.ask('account:me', {});
  assert.equal(me.statusText, '');
});

test('what is no request takes points like one', async () => {
  const small = await startTestServer({ config: { generalPerMinute: 6 } });
  try {
    const strays = [
      ['no:such', {}],
      ['account:login', {}],
      ['account:me', {}, {}],
      ['room:get', { a: 1 }],
    ];
    for (const [index, stray] of strays.entries()) {
      const client = await small.connectAs(`person${index}`);
      const codes: unknown[] = [];
      for (let count = 0; count < 7; count += 1) codes.push((await emit(client, ...stray))['code']);
      assert.equal(codes.at(-1), 'RATE_LIMITED', String(codes));
      assert.notEqual(codes[0], 'RATE_LIMITED');
      assert.equal((await emit(client, 'account:me', {}))['code'], 'RATE_LIMITED');
    }
    const silent = await small.connectAs('silent');
    const gone = silent.disconnected();
    for (let count = 0; count < 7; count += 1) silent.socket.emit('account:me', {});
    await gone;
  } finally {
    await small.stop();
  }
});

test('a session that ends is told why and its socket is closed, the others stay', async () => {
  const phone = await server.connectAs('bob');
  const laptop = await server.connectAs('bob');
  const gone = phone.disconnected();
  await laptop.ask('session:revoke', { sessionUid: phone.sessionUid });
  assert.deepEqual(await phone.next('session:ended'), { reason: 'revoked' });
  assert.equal(await gone, 'io server disconnect');
  assert.equal((await laptop.call('account:me', {})).ok, true);
  assert.equal(await handshake({}, phone.browser.cookieHeader()), 'NOT_SIGNED_IN');
  laptop.close();
});

test('a session that ends while its handshake is under way does not get in', async () => {
  const io = createSocketServer();
  const audience = createAudience(io, Date.now);
  const caller = { sessionUid: 'ended', userId: 1, userUid: 'bob', role: 'member' } as const;
  let roomsRead = 0;
  const http = createServer();
  const portOf = (): number => (http.address() as AddressInfo).port; // a TCP server that listens has one
  const gateway = createSocketGateway({
    io,
    audience,
    dispatch: {} as Dispatch, // never asked: the socket sends nothing
    log: logger('test'),
    proxies: createTrustedProxies([]),
    requestIds: createRequestIds(),
    csrfTokens: createCsrfTokens(new Uint8Array(32)),
    port: portOf,
    connectionsPerUser: 4,
    connectionsPerAddress: 4,
    now: Date.now,
    async findSession() {
      // it was alive when it was looked up
      setImmediate(() => audience.deliver([endSession('ended', 'revoked')]));
      await new Promise((resolve) => setImmediate(resolve));
      return caller;
    },
    roomUidsOf: async () => {
      roomsRead += 1;
      return [];
    },
    settled: () => undefined,
    noteUse: () => undefined,
    isStopping: () => false,
  });
  gateway.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const socket = openTestSocket(portOf(), `maru-${portOf()}=${'A'.repeat(43)}`);
  const gone = new Promise((resolve) => socket.once('disconnect', resolve));
  try {
    await connected(socket);
    assert.deepEqual([audience.connectionsOf('bob'), roomsRead], [0, 0]);
    await gone;
  } finally {
    socket.close();
    gateway.close();
    http.close();
  }
});

test('requests wait until the socket is in its rooms, so that nothing falls between reading and receiving', async () => {
  const room = await createRoom(alice, [bob.person]);
  for (let round = 0; round < 10; round += 1) {
    const phone = openTestSocket(server.port, bob.browser.cookieHeader());
    const seen = new Set<number>();
    phone.on('message:sent', ({ message }: { message: { seq: number } }) => seen.add(message.seq));
    const sends = [1, 2, 3, 4].map(() => alice.ask('message:send', messageFor(room)));
    await connected(phone);
    const page = await new Promise<{ value: { messages: { seq: number }[] } }>((resolve) => {
      phone.emit('message:page', { roomUid: room.roomUid }, resolve);
    });
    for (const { seq } of page.value.messages) seen.add(seq);
    const last = await alice.ask('message:send', messageFor(room));
    await Promise.all(sends);
    await bob.next('message:sent', ({ message }) => message.seq === last.seq);
    await new Promise<void>((resolve) => {
      phone.emit('account:me', {}, () => resolve()); // whatever was sent to this socket before has arrived now
    });
    const newest = Array.from({ length: 5 }, (_, index) => last.seq - index);
    assert.ok(
      newest.every((seq) => seen.has(seq)),
      `round ${round}: ${[...seen].join(' ')} of ${last.seq}`,
    );
    phone.close();
  }
});

test('a socket that does not take its events is closed, and the others go on', async () => {
  const slow = { packets: 1_000_000, bytes: 200_000, everyMs: 20 };
  const busy = await startTestServer({ substitutes: { gateway: { slowConsumers: slow } } });
  try {
    const [owner, reader] = [await busy.connectAs('alice'), await busy.connectAs('bob')];
    const room = await createRoom(owner, [reader.person]);
    const lazy = await rawSocket(busy, reader.browser.cookieHeader());
    lazy.pause();
    const gone = new Promise<void>((resolve) => lazy.once('close', () => resolve()));
    const big = { ...messageFor(room), envelope: `m1.1.${'A'.repeat(64_000)}` };
    let isGone = false;
    const closed = () => busy.server.stats().gateway.connections < 3;
    while (!isGone) {
      await owner.ask('message:send', { ...big, clientId: messageFor(room).clientId });
      await reader.next('message:sent');
      isGone = closed();
    }
    lazy.resume();
    await gone;
    assert.equal((await reader.call('account:me', {})).ok, true);
  } finally {
    await busy.stop();
  }
});

/** A WebSocket with the handshake done by hand, which can stop reading. */
async function rawSocket(target: TestServer, cookie: string): Promise<WebSocket> {
  const address = `${target.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { headers: { cookie, origin: target.url } });
  socket.on('error', () => undefined);
  const entered = new Promise<void>((resolve) => {
    socket.on('message', (bytes: Buffer) => {
      const packet = bytes.toString();
      if (packet.startsWith('0')) socket.send(`40${JSON.stringify({ contractVersion })}`);
      if (packet.startsWith('40')) resolve();
    });
  });
  await entered;
  return socket;
}
