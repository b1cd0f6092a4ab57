/** The bare HTTP server: time-outs, a cap on connections, and answers to what is not even HTTP. */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { refusalOf } from './dispatch.ts';
import { AppError } from '../app-error.ts';
import { createAddressCount } from './connection-caps.ts';
import { plainAddress } from './trusted-proxies.ts';

export type TcpCap = {
  /** Open connections of one address; one more is closed unread. */
  perAddress: number;
  /** Addresses that stand for many people, or for the machine itself. */
  isExempt: (address: string) => boolean;
  onRefused: () => void;
};

/** Creates the server for an application. A slow sender gets 60 s for a whole request, 20 s of them for its headers. */
export function createHttpServer(listener: RequestListener, cap: TcpCap): Server {
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16 * 1024 },
    listener,
  );
  capConnections(server, cap);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else if (error.code === 'HPE_HEADER_OVERFLOW')
      refuse(socket, 431, 'Request Header Fields Too Large', 'TOO_LARGE');
    else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
      refuse(socket, 408, 'Request Timeout', 'INVALID_INPUT');
    else refuse(socket, errorCodes.INVALID_INPUT.status, 'Bad Request', 'INVALID_INPUT');
  });
  return server;
}

/**
 * Everything else that limits an address counts requests or sockets that have said something. A connection that says nothing
 * costs memory and a file descriptor, too, and of those an operating system has few.
 */
function capConnections(server: Server, { perAddress, isExempt, onRefused }: TcpCap): void {
  const addresses = createAddressCount();
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (isExempt(address)) return;
    if (addresses.of(address) >= perAddress) {
      onRefused();
      socket.destroy();
    } else {
      socket.once('close', addresses.add(address));
    }
  });
}

/** For the answer to arrive; who takes longer, or holds its own side open, is not waited for. */
const lingerMs = 1_000;

function refuse(socket: Duplex, status: number, reason: string, code: ErrorCode): void {
  const body = JSON.stringify(refusalOf(new AppError(code)));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
