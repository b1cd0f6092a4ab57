/**
 * The reference for memory per connection: Socket.IO with nothing but what every connection of the product needs too:
 * three rooms and one dispatcher. It lets go of the handshake's request like the product does, so that the product
 * cannot look good by that alone.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { announcePort } from '../children/answering.ts';

const server = createServer();
const io = new Server(server, {
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  pingInterval: 25_000,
  pingTimeout: 120_000,
});
let connections = 0;
io.on('connection', async (socket) => {
  // the type does not know that it may go, but nothing reads it after the handshake
  delete (socket.conn as { request?: unknown }).request;
  connections += 1;
  const first = connections % 97;
  await socket.join([`room-${first}`, `room-${first + 1}`, `room-${first + 2}`]);
  socket.onAny((_name: string, ...rest: unknown[]) => {
    const answer = rest.at(-1);
    if (typeof answer === 'function') answer({ ok: true });
  });
});
server.listen(0, '127.0.0.1', () => {
  announcePort((server.address() as AddressInfo).port); // a TCP server's address has a port
});
