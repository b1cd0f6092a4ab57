import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { test } from 'node:test';
import { createHttpServer } from './http-server.ts';
import type { TcpCap } from './http-server.ts';

const noCap: TcpCap = { perAddress: 1, isExempt: () => true, onRefused: () => undefined };

test('who is refused below HTTP cannot hold the connection open', { timeout: 120_000 }, async () => {
  const server = createHttpServer(() => assert.fail('no request came through'), noCap);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  // it neither reads the answer nor closes its own side
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  const [accepted] = (await once(server, 'connection')) as [Socket]; // what the event carries
  const closed = once(accepted, 'close');
  client.write('this is not HTTP\r\n\r\n');
  await closed;
  client.destroy();
  server.close();
  await once(server, 'close');
});

test('an address has so many raw connections, also silent ones; others and exempt ones go on', async () => {
  let refused = 0;
  const cap = {
    perAddress: 2,
    isExempt: (address: string) => address === '127.0.0.3',
    onRefused: () => void (refused += 1),
  };
  const server = createHttpServer((_request, response) => response.end('served'), cap);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const acceptedByPort = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => acceptedByPort.set(socket.remotePort, socket));
  const open = async (localAddress: string): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  /** Whether the connection gives an answer before it is closed. */
  const isServed = async (socket: Socket): Promise<boolean> => {
    socket.write('GET / HTTP/1.1\r\nHost: maru\r\n\r\n');
    return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  };
  await open('127.0.0.2');
  const second = await open('127.0.0.2');
  assert.equal(await isServed(second), true);
  assert.equal(await isServed(await open('127.0.0.2')), false);
  assert.equal(refused, 1);
  for (const address of ['127.0.0.3', '127.0.0.3', '127.0.0.3', '127.0.0.4']) {
    assert.equal(await isServed(await open(address)), true, address);
  }
  // a connection that ends makes room for another
  const accepted = acceptedByPort.get(second.localPort);
  assert.ok(accepted);
  const gone = once(accepted, 'close');
  second.destroy();
  await gone;
  assert.equal(await isServed(await open('127.0.0.2')), true);
  assert.equal(refused, 1);
  server.close();
  for (const socket of acceptedByPort.values()) socket.destroy();
  await once(server, 'close');
});
