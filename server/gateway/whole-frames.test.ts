import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { after, before, test } from 'node:test';
import type { Socket as ServerSocket } from 'socket.io';
import { io as connect } from 'socket.io-client';
import { WebSocket } from 'ws';
import { collectEvents } from '../testing/event-queue.ts';
import { connected } from '../testing/test-client.ts';
import { createAudience } from './audience.ts';
import { joinRoom, leaveRoom, toOthersBriefly, toRoom } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { createSocketServer } from './socket-gateway.ts';

const server = createServer();
const io = createSocketServer();
const audience = createAudience(io, () => Date.now());
const socketsByUser = new Map<string, ServerSocket>();
const ends: (() => void)[] = [];
let port = 0;

before(async () => {
  io.attach(server);
  io.on('connection', (socket) => {
    const { userUid } = socket.handshake.auth;
    socketsByUser.set(userUid, socket);
    audience.enter(socket, { userId: 7, userUid, sessionUid: userUid, role: 'member' });
    audience.deliver([joinRoom('r', [userUid])]);
    socket.on('ask', (acknowledge: () => void) => acknowledge());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo); // a TCP server that listens has one
});
after(() => {
  for (const end of ends) end();
  io.engine.close();
  server.close();
});

async function enter(userUid: string, transports = ['websocket']) {
  const options = { auth: { userUid }, transports, forceNew: true, reconnection: false };
  const socket = connect(`http://127.0.0.1:${port}`, options);
  ends.push(() => socket.close());
  const events = collectEvents(socket, userUid);
  await connected(socket);
  return {
    socket,
    onServer: onServer(userUid),
    received: () => events.received('room:gone').map(({ roomUid }) => roomUid),
    until: (text: string) => events.next('room:gone', ({ roomUid }) => roomUid === text),
  };
}

function onServer(userUid: string): ServerSocket {
  const socket = socketsByUser.get(userUid);
  assert.ok(socket);
  return socket;
}

type Inside = { writeBuffer: unknown[]; transport: { name: string; socket: { _socket: TcpSocket } } };
const inside = (socket: ServerSocket): Inside => socket.conn as unknown as Inside; // private of Engine.IO and ws

const tell = (text: string): Delivery => toRoom('r', 'room:gone', { roomUid: text });

/** What is written to a connection from now on, and whether more is to come in the same go. */
function watchWrites(socket: ServerSocket): { chunk: unknown; isCorked: boolean }[] {
  const tcp = inside(socket).transport.socket._socket;
  const write = tcp.write.bind(tcp) as (...args: unknown[]) => boolean; // one of its overloads
  const writes: { chunk: unknown; isCorked: boolean }[] = [];
  tcp.write = (...args: unknown[]) => {
    writes.push({ chunk: args[0], isCorked: tcp.writableCorked > 0 });
    return write(...args);
  };
  return writes;
}

test('an event is one buffer that every receiver shares; what comes together is written together', async () => {
  const receivers = await Promise.all(['a1', 'a2', 'a3'].map((uid) => enter(uid)));
  const writes = receivers.map((receiver) => watchWrites(receiver.onServer));
  audience.deliver([tell('one'), tell('two')]);
  const chunks = new Set(writes.flat().map(({ chunk }) => chunk));
  assert.equal(chunks.size, 2);
  for (const list of writes) assert.equal(list.length, 2);
  assert.ok(writes.flat().every(({ chunk, isCorked }) => Buffer.isBuffer(chunk) && isCorked));
  for (const receiver of receivers) {
    await receiver.until('two');
    assert.deepEqual(receiver.received(), ['one']);
    assert.equal(inside(receiver.onServer).transport.socket._socket.writableCorked, 0);
    receiver.socket.close();
  }
});

test('events, answers and what Socket.IO sends itself arrive in the order in which they were sent', async () => {
  const alice = await enter('alice');
  const order: unknown[] = [];
  alice.socket.onAny((name, { roomUid }) => order.push(name === 'room:gone' ? roomUid : name));
  alice.onServer.on('ask:all', (acknowledge: () => void) => {
    audience.deliver([tell('1'), tell('2')]);
    alice.onServer.emit('own', {});
    audience.deliver([tell('3')]);
    acknowledge();
    audience.deliver([tell('4'), leaveRoom('r', ['alice']), tell('never'), joinRoom('r', ['alice'])]);
    alice.onServer.emit('last', {});
  });
  const last = new Promise((resolve) => alice.socket.once('last', resolve));
  alice.socket.emit('ask:all', () => order.push('answer'));
  await last;
  assert.deepEqual(order, ['1', '2', 'own', '3', 'answer', '4', 'last']);
  alice.socket.close();
});

test('long polling gets everything, and nothing is lost or overtaken while it is upgraded', async () => {
  const [poller, climber] = [await enter('p', ['polling']), await enter('u', ['polling', 'websocket'])];
  let sent = 0;
  // before the upgrade, while it is under way and after it; a machine that is too slow for it has tested polling twice
  while (sent < 300 || (inside(climber.onServer).transport.name === 'polling' && sent < 10_000)) {
    audience.deliver([tell(`${sent}`), tell(`and ${sent}`)]);
    sent += 1;
    await climber.socket.emitWithAck('ask');
  }
  audience.deliver([tell('end')]);
  const expected = Array.from({ length: sent }, (_, index) => [`${index}`, `and ${index}`]).flat();
  for (const { socket, received, until } of [poller, climber]) {
    await until('end');
    assert.deepEqual(received(), expected);
    socket.close();
  }
});

test('what a connection does not read waits in its own queue, and brief news is not kept for it', async () => {
  const lazy = await openLazy('lazy');
  const { writeBuffer, tcp } = {
    ...inside(lazy.onServer),
    tcp: inside(lazy.onServer).transport.socket._socket,
  };
  assert.deepEqual(writeBuffer, []);
  const big = 'x'.repeat(200_000);
  lazy.pause();
  // until the kernel's buffers are full, whatever they take
  while (tcp.writableLength === 0) {
    audience.deliver([tell(big)]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const backlog = tcp.writableLength;
  audience.deliver([
    toOthersBriefly('r', 'somebody', 'typing:started', { roomUid: 'r', userUid: 'somebody' }),
  ]);
  assert.equal(tcp.writableLength, backlog);
  audience.deliver([tell('1')]);
  audience.deliver([tell('2'), tell('3')]);
  assert.ok(inside(lazy.onServer).writeBuffer.length >= 2);
  lazy.resume();
  await lazy.until('3');
  const small = lazy.packets.filter((packet) => packet.length < 1_000 && packet.startsWith('42'));
  assert.deepEqual(
    small,
    ['1', '2', '3'].map((roomUid) => `42${JSON.stringify(['room:gone', { roomUid }])}`),
  );
  lazy.close();
});

/** A WebSocket with the handshake done by hand, which can stop reading. */
async function openLazy(userUid: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  ends.push(() => socket.terminate());
  const packets: string[] = [];
  const waiting: { text: string; resolve: () => void }[] = [];
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (packets.some((packet) => packet.includes(`"${text}"`))) resolve();
      else waiting.push({ text, resolve });
    });
  socket.on('message', (bytes: Buffer) => {
    const packet = bytes.toString();
    packets.push(packet);
    if (packet.startsWith('0')) socket.send(`40${JSON.stringify({ userUid })}`);
    for (const { text, resolve } of waiting) if (packet.includes(`"${text}"`)) resolve();
  });
  await until('sid');
  while (!packets.some((packet) => packet.startsWith('40'))) await once(socket, 'message');
  return {
    onServer: onServer(userUid),
    packets,
    until,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.terminate(),
  };
}

test('a connection that broke off a moment ago does not disturb the others', async () => {
  const [gone, here] = [await enter('gone'), await enter('here')];
  const left = once(gone.onServer, 'disconnect');
  inside(gone.onServer).transport.socket._socket.destroy();
  audience.deliver([tell('one'), tell('two')]);
  audience.deliver([tell('three')]);
  await Promise.all([here.until('three'), left]);
  assert.deepEqual(here.received(), ['one', 'two']);
  here.socket.close();
});

test('nothing follows the closing frame of a connection that is still in its rooms', async () => {
  const closing = await enter('closing');
  const writes = watchWrites(closing.onServer);
  const left = once(closing.onServer, 'disconnect');
  closing.onServer.conn.close();
  const untilThen = writes.length;
  audience.deliver([tell('late')]);
  assert.ok(untilThen > 0);
  assert.equal(writes.length, untilThen);
  await left;
});
