/** A WebSocket connection of a load generator: one TCP socket, one shared read buffer, no events per frame. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { createFrameReader, encodeTextFrame } from './websocket-frames.ts';

export type RawConnection = { send: (text: string) => void; close: () => void };

export type RawOptions = {
  port: number;
  path: string;
  headers?: Record<string, string>;
  /** Gets the connection too: the first frames may come with the answer to the upgrade, before the promise resolves. */
  onText: (buffer: Buffer, start: number, end: number, connection: RawConnection) => void;
  /** Called once, for whatever reason the connection ends after it was open. */
  onClose?: () => void;
};

// libuv fills it and hands it over in one step, so all sockets of the process can share it
const readBuffer = Buffer.allocUnsafe(256 * 1024);
const headEnd = Buffer.from('\r\n\r\n');

/** Opens the connection and upgrades it; rejects with the server's status line if it refuses. */
export function openRawConnection(options: RawOptions): Promise<RawConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<RawConnection>();
  let head: Buffer | null = Buffer.alloc(0);
  let isClosed = false;
  const onClose = (): void => {
    if (!isClosed && head === null) options.onClose?.();
    isClosed = true;
    reject(new Error('The connection was closed during the handshake.'));
  };
  const reader = createFrameReader(
    (buffer, start, end) => options.onText(buffer, start, end, connection),
    onClose,
  );
  const onChunk = (chunk: Buffer): void => {
    if (head === null) return reader.read(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(headEnd);
    if (end < 0) return;
    const statusLine = head.toString('latin1', 0, head.indexOf('\r\n'));
    const rest = head.subarray(end + headEnd.length);
    head = null;
    if (!statusLine.includes(' 101 ')) {
      socket.destroy();
      return reject(new Error(statusLine));
    }
    resolve(connection);
    if (rest.length > 0) reader.read(rest);
  };
  const socket = connect({
    host: '127.0.0.1',
    port: options.port,
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (sizeBytes) => {
        onChunk(readBuffer.subarray(0, sizeBytes));
        return true;
      },
    },
  });
  const connection: RawConnection = {
    send: (text) => void socket.write(encodeTextFrame(text)),
    close: () => socket.destroy(),
  };
  socket.once('connect', () => socket.write(upgradeRequest(options)));
  socket.once('error', (error) => reject(error));
  socket.once('close', onClose);
  return promise;
}

function upgradeRequest({ port, path, headers = {} }: RawOptions): string {
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
