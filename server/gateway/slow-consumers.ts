/**
 * A socket that takes its events more slowly than they come holds them in the server's memory. Beyond a bound it is
 * closed: its client reconnects and catches up by revision, which costs less than the backlog.
 */
import type { Server, Socket } from 'socket.io';
import type { Log } from '../logger.ts';

export type SlowConsumerBounds = { packets: number; bytes: number; everyMs: number };

/** A phone on a weak network takes a big `session:sync` within these; a client that stands still does not. */
export const slowConsumerBounds: SlowConsumerBounds = {
  packets: 4_000,
  bytes: 8 * 1024 * 1024,
  everyMs: 1_000,
};

type Connection = {
  writeBuffer: readonly { data?: unknown }[];
  transport: { socket?: { bufferedAmount: number; terminate(): void } };
};

/** Looks at every socket now and then, not at every packet. Gives `stop` and the number closed so far. */
export function watchSlowConsumers(io: Server, log: Log, bounds = slowConsumerBounds) {
  let closed = 0;
  const timer = setInterval(() => {
    for (const socket of io.of('/').sockets.values()) {
      const backlog = backlogOf(socket);
      if (backlog.packets <= bounds.packets && backlog.bytes <= bounds.bytes) continue;
      closed += 1;
      log.warn('a slow connection was closed', { socketId: socket.id, ...backlog });
      close(socket);
    }
  }, bounds.everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer), closed: () => closed };
}

// Engine.IO keeps its queue private and `ws` is one of several transports; both have been stable since Engine.IO 4.
const connectionOf = (socket: Socket): Connection => socket.conn as unknown as Connection; // see the line above

function backlogOf(socket: Socket): { packets: number; bytes: number } {
  const { writeBuffer, transport } = connectionOf(socket);
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length;
  return { packets: writeBuffer.length, bytes };
}

function close(socket: Socket): void {
  const websocket = connectionOf(socket).transport.socket;
  // a polite close would wait behind the backlog
  if (websocket === undefined) socket.conn.close(true);
  else websocket.terminate();
}
