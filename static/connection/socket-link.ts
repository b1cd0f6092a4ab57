/** Socket.IO behind a small surface: the only file of the client that imports it. It never reconnects by itself. */
import { io } from 'socket.io-client';
import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import { contractVersion } from '#contract/version.ts';
import { fail } from '../state/failure.ts';
import type { Failure } from '../state/failure.ts';
import { readRefusal } from './http-call.ts';

export type SocketLink = {
  open: () => void;
  close: () => void;
  isOpen: () => boolean;
  /** Counts the sockets opened so far: an answer that belongs to an earlier one is recognised by it. */
  generation: () => number;
  /** The ack, or null if none came in time or the socket closed first. */
  emit: (name: string, input: unknown, timeoutMs: number) => Promise<unknown>;
  onOpen: (listener: () => void) => void;
  /** The handshake failed: a refusal of the server, or OFFLINE. */
  onRefused: (listener: (failure: Failure) => void) => void;
  /** An open socket closed (not by `close`). */
  onClosed: (listener: () => void) => void;
  onEvent: (listener: (name: string, payload: unknown) => void) => void;
};

export type SocketLinkDeps = {
  /** Empty in a browser: same origin. */
  baseUrl: string;
  /** Stands in for the Origin that browsers leave out of same-origin polling. */
  csrfToken: () => string | null;
  /** Tests outside a browser bring cookies of their own. */
  options?: Partial<ManagerOptions & SocketOptions>;
};

export const createSocketLink = (deps: SocketLinkDeps): SocketLink => {
  const socket = io(deps.baseUrl, {
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    // WebSocket at once, without the usual detour; old proxies that swallow it get polling.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: 10_000,
    // A function: the token belongs to the session, which may change between two connects.
    auth: (send) => send({ contractVersion, csrf: deps.csrfToken() ?? undefined }),
    ...deps.options,
  });
  let generation = 0;
  let isClosing = false;
  let closed: () => void = () => undefined;
  let refused: (failure: Failure) => void = () => undefined;

  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    const { data } = error;
    refused(typeof data === 'object' && data !== null ? readRefusal(data) : fail('OFFLINE'));
  });
  socket.on('disconnect', () => {
    if (!isClosing) closed();
  });

  return {
    open: () => {
      generation += 1;
      isClosing = false;
      socket.connect();
    },
    close: () => {
      isClosing = true;
      socket.disconnect();
    },
    isOpen: () => socket.connected,
    generation: () => generation,
    emit: async (name, input, timeoutMs) => {
      try {
        const answer: unknown = await socket.timeout(timeoutMs).emitWithAck(name, input);
        return answer ?? null;
      } catch {
        return null;
      }
    },
    onOpen: (listener) => {
      socket.on('connect', listener);
    },
    onRefused: (listener) => {
      refused = listener;
    },
    onClosed: (listener) => {
      closed = listener;
    },
    onEvent: (listener) => {
      socket.onAny((name: string, payload: unknown) => listener(name, payload));
    },
  };
};
