import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Socket as ServerSocket } from 'socket.io';
import { io as connect } from 'socket.io-client';
import { collectEvents } from '../testing/event-queue.ts';
import { connected } from '../testing/test-client.ts';
import { createAudience } from './audience.ts';
import { endSession, joinRoom, leaveRoom, toRoom, toUser, toUsers } from './delivery.ts';
import { createSocketServer } from './socket-gateway.ts';

const server = createServer();
const io = createSocketServer();
const audience = createAudience(io, () => Date.now());
const presence: string[] = [];
audience.watchPresence({
  connected: (userUid, userId) => presence.push(`+${userUid}${userId}`),
  disconnected: (userUid) => presence.push(`-${userUid}`),
});
const socketsById = new Map<string, ServerSocket>();
const clients: ReturnType<typeof connect>[] = [];
let port = 0;

before(async () => {
  io.attach(server);
  io.on('connection', (socket) => {
    const { userUid, sessionUid } = socket.handshake.auth;
    socketsById.set(socket.id, socket);
    audience.enter(socket, { userId: 7, userUid, sessionUid, role: 'member' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo); // a TCP server that listens has one
});
after(() => {
  for (const client of clients) client.close();
  io.engine.close();
  server.close();
});

async function enter(userUid: string, sessionUid = `${userUid}-session`) {
  const options = {
    auth: { userUid, sessionUid },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  };
  const socket = connect(`http://127.0.0.1:${port}`, options);
  clients.push(socket);
  const events = collectEvents(socket, userUid);
  await connected(socket);
  const onServer = socketsById.get(socket.id ?? '');
  assert.ok(onServer);
  /** Names of what came, up to a marker that is sent now. */
  async function inbox(): Promise<string[]> {
    audience.deliver([toUser(userUid, 'room:gone', { roomUid: 'marker' })]);
    await events.next('room:gone', ({ roomUid }) => roomUid === 'marker');
    return events.received('room:gone').map(({ roomUid }) => roomUid);
  }
  return { socket, onServer, events, inbox };
}

const tell = (roomUid: string, text: string) => toRoom(roomUid, 'room:gone', { roomUid: text });

test('a room hears what is said between joining and leaving, in that order, and nobody else does', async () => {
  const [alice, bob, carol] = [await enter('alice'), await enter('bob'), await enter('carol')];
  audience.deliver([
    tell('r1', 'before'),
    joinRoom('r1', ['alice', 'bob']),
    tell('r1', 'one'),
    leaveRoom('r1', ['bob']),
    tell('r1', 'two'),
    toUser('bob', 'room:gone', { roomUid: 'for bob' }),
    toUsers(['alice', 'bob'], 'room:gone', { roomUid: 'for two' }),
  ]);
  assert.deepEqual(await alice.inbox(), ['one', 'two', 'for two']);
  assert.deepEqual(await bob.inbox(), ['one', 'for bob', 'for two']);
  assert.deepEqual(await carol.inbox(), []);
  assert.deepEqual(audience.onlineIn(['r1', 'nowhere']), ['alice']);
  for (const { socket } of [alice, bob, carol]) socket.close();
});

test('every browser of a person joins and leaves with them', async () => {
  const [phone, laptop] = [await enter('dora'), await enter('dora', 'other')];
  audience.deliver([
    joinRoom('r2', ['dora']),
    tell('r2', 'both'),
    leaveRoom('r2', ['dora']),
    tell('r2', 'none'),
  ]);
  assert.deepEqual(await phone.inbox(), ['both']);
  assert.deepEqual(await laptop.inbox(), ['both']);
  assert.equal(audience.connectionsOf('dora'), 2);
  for (const { socket } of [phone, laptop]) socket.close();
});

test('a membership that ends while a socket is entering its rooms does not come back', async () => {
  const erin = await enter('erin');
  let answer: (roomUids: string[]) => void = () => undefined;
  const caller = { userId: 1, userUid: 'erin', role: 'member', sessionUid: 'erin-session' } as const;
  const entering = audience.enterRooms(
    erin.onServer,
    caller,
    () => new Promise((resolve) => (answer = resolve)),
  );
  audience.deliver([leaveRoom('kicked', ['erin']), joinRoom('invited', ['erin'])]);
  audience.deliver([leaveRoom('back', ['erin']), joinRoom('back', ['erin'])]);
  answer(['kicked', 'kept', 'back']);
  await entering;
  audience.deliver(['kicked', 'kept', 'invited', 'back'].map((roomUid) => tell(roomUid, roomUid)));
  assert.deepEqual(await erin.inbox(), ['kept', 'invited', 'back']);
  erin.socket.close();
});

test('ending a session reaches its own sockets only, and it is remembered for late handshakes', async () => {
  const [stolen, own] = [await enter('fay', 'stolen'), await enter('fay', 'own')];
  const closed = new Promise((resolve) => stolen.socket.once('disconnect', resolve));
  audience.deliver([endSession('stolen', 'revoked'), toUser('fay', 'room:gone', { roomUid: 'after' })]);
  assert.deepEqual(await stolen.events.next('session:ended'), { reason: 'revoked' });
  await closed;
  assert.deepEqual(stolen.events.received('room:gone'), []);
  assert.deepEqual(await own.inbox(), ['after']);
  assert.deepEqual([audience.wasEnded('stolen'), audience.wasEnded('own')], [true, false]);
  own.socket.close();
});

test('a person is online from the first socket to the last', async () => {
  presence.length = 0;
  const [one, two] = [await enter('gina'), await enter('gina')];
  const left = once(one.onServer, 'disconnect');
  one.socket.close();
  await left;
  assert.equal(audience.isOnline('gina'), true);
  const leftToo = once(two.onServer, 'disconnect');
  two.socket.close();
  await leftToo;
  assert.equal(audience.isOnline('gina'), false);
  assert.deepEqual(
    presence.filter((line) => line.includes('gina')),
    ['+gina7', '-gina'],
  );
});
