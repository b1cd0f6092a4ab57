/**
 * The reference for stalls and memory: a Node process that only answers "hello". Whatever its event loop is late by is
 * the machine's doing, not the product's.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announcePort } from '../children/answering.ts';

const server = createServer((_request, response) => response.end('hello'));
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  announcePort((server.address() as AddressInfo).port); // a TCP server's address has a port
});
