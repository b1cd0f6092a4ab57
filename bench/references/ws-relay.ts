/**
 * The reference for deliveries: the least that a server can do. A frame that arrives on `/<room>` goes out to every
 * socket on `/<room>`, the sender's included; nothing is parsed, checked or stored.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { announcePort } from '../children/answering.ts';

const socketsByRoom = new Map<string, Set<WebSocket>>();

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const room = request.url ?? '/';
  const members = socketsByRoom.get(room) ?? new Set();
  socketsByRoom.set(room, members);
  members.add(socket);
  socket.on('message', (frame) => {
    for (const member of members) member.send(frame, { binary: false });
  });
  socket.on('close', () => members.delete(socket));
});
server.listen(0, '127.0.0.1', () => {
  announcePort((server.address() as AddressInfo).port); // a TCP server's address has a port
});
