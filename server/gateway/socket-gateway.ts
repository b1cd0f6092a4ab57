/** Requests over Socket.IO. One listener per socket passes everything to the dispatch; `audience.ts` does the emitting. */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { Answer, Refusal } from '#contract/request.ts';
import { AppError } from '../app-error.ts';
import type { Log } from '../logger.ts';
import type { Audience } from './audience.ts';
import { createAddressCount, openConnectionsMax } from './connection-caps.ts';
import { refusalOf } from './dispatch.ts';
import type { Dispatch } from './dispatch.ts';
import type { Caller, PublicContext, SessionCookie } from './handler.ts';
import { guardPackets } from './packet-guard.ts';
import { connectionFacts } from './request-facts.ts';
import type { RequestIds } from './request-ids.ts';
import { slowConsumerBounds, watchSlowConsumers } from './slow-consumers.ts';
import type { SlowConsumerBounds } from './slow-consumers.ts';
import { admitSocket, connectError } from './socket-handshake.ts';
import type { HandshakeDeps } from './socket-handshake.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

export type SocketGatewayDeps = Omit<HandshakeDeps, 'connectionsOf' | 'connectionsFrom'> & {
  io: Server;
  dispatch: Dispatch;
  audience: Audience;
  proxies: TrustedProxies;
  requestIds: RequestIds;
  now: () => number;
  log: Log;
  /** Uids of the rooms that a person is in. */
  roomUidsOf: (userId: number) => Promise<readonly string[]>;
  settled: () => Promise<void> | undefined;
  /** Says that a session was used: an open tab that only talks over its socket must not run into the time-out. */
  noteUse: (sessionUid: string) => void;
  /** True once the server is stopping: requests are refused with SHUTTING_DOWN. */
  isStopping: () => boolean;
  slowConsumers?: SlowConsumerBounds;
};

export type SocketGateway = {
  /** Starts to take connections of an HTTP server. */
  attach(server: HttpServer): void;
  connections: () => number;
  slowConnectionsClosed: () => number;
  /** Closes every connection so that clients reconnect by themselves. */
  close(): void;
};

/** What a socket keeps: ids and addresses, nothing that grows. `entering` is there until its rooms are joined. */
type SocketState = {
  caller: Caller;
  address: string;
  isFromHost: boolean;
  entering: Promise<void> | null;
};

type Acknowledge = (answer: Answer<unknown>) => void;

/** The Socket.IO server, not listening yet. */
export const createSocketServer = (): Server =>
  new Server({
    transports: ['websocket', 'polling'],
    // sealed bytes do not compress, and a compressor per connection costs memory
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 25_000,
    pingTimeout: 120_000,
    maxHttpBufferSize: 10_000_000,
    // a connection that sends no handshake is not kept for long
    connectTimeout: 10_000,
    serveClient: false,
  });

const noCookie: SessionCookie = {
  token: null,
  start: () => {
    throw new Error('a socket cannot set a cookie: mark the request with transport: http');
  },
  end: () => {
    throw new Error('a socket cannot clear a cookie: mark the request with transport: http');
  },
};

/** Wires the handshake and the one listener per socket. */
export function createSocketGateway(deps: SocketGatewayDeps): SocketGateway {
  const { io, audience, dispatch, log, proxies } = deps;
  const addresses = createAddressCount();
  const handshake: HandshakeDeps = {
    ...deps,
    connectionsOf: audience.connectionsOf,
    connectionsFrom: addresses.of,
  };
  const guard = guardPackets(io);
  const slow = watchSlowConsumers(io, log, deps.slowConsumers ?? slowConsumerBounds);

  io.use((socket, next) => void answerHandshake(socket, next));

  async function answerHandshake(socket: Socket, next: (refusal?: Error) => void): Promise<void> {
    try {
      const facts = connectionFacts(socket.request, proxies);
      const caller = await admitSocket(socket, facts, handshake);
      const { address, isFromHost } = facts;
      socket.data = { caller, address, isFromHost, entering: null } satisfies SocketState;
      next();
    } catch (error) {
      if (!(error instanceof AppError)) log.error('a handshake failed', { error });
      next(connectError(error instanceof AppError ? error : new AppError('INTERNAL')));
    }
  }

  io.on('connection', (socket) => {
    const state: SocketState = socket.data;
    // The upgrade request holds headers, sockets and buffers: kilobytes a connection that nobody needs any more.
    releaseRequest(socket);
    if (audience.wasEnded(state.caller.sessionUid)) {
      socket.disconnect(true);
      return;
    }
    guard.admit(socket);
    audience.enter(socket, state.caller);
    state.entering = enterRooms(socket, state);
    socket.onAny(dispatchPacket);
  });

  /** Nothing of a person's state may be read before the socket receives what changes it, so requests wait for this. */
  async function enterRooms(socket: Socket, state: SocketState): Promise<void> {
    try {
      await audience.enterRooms(socket, state.caller, async () => {
        const roomUids = await deps.roomUidsOf(state.caller.userId);
        // a room read before its membership is durable would get events that came before the joining
        await deps.settled();
        return roomUids;
      });
    } catch (error) {
      log.error('a socket could not join its rooms', { error });
      socket.conn.close();
    }
    state.entering = null;
  }

  function dispatchPacket(this: Socket, name: unknown, ...args: unknown[]): void {
    const acknowledge = args.pop();
    if (isAcknowledge(acknowledge)) void answerPacket(this, name, args, acknowledge);
    // without an acknowledgement nobody would learn of the outcome, so nothing is done
    else void countStray(this);
  }

  /** A packet that nobody can be answered: who sends more of them than requests are allowed loses the connection. */
  async function countStray(socket: Socket): Promise<void> {
    const state: SocketState = socket.data;
    try {
      await dispatch.admitStray(state.caller, state.address);
    } catch (error) {
      if (!(error instanceof AppError)) log.error('a packet could not be counted', { error });
      socket.conn.close();
    }
  }

  async function answerPacket(
    socket: Socket,
    name: unknown,
    args: unknown[],
    acknowledge: Acknowledge,
  ): Promise<void> {
    const state: SocketState = socket.data;
    if (state.entering !== null) await state.entering;
    deps.noteUse(state.caller.sessionUid);
    const context: PublicContext = {
      requestId: deps.requestIds.next(),
      address: state.address,
      userAgent: '',
      isFromHost: state.isFromHost,
      socketId: socket.id,
      now: deps.now(),
      caller: state.caller,
      cookie: noCookie,
    };
    const request = typeof name === 'string' ? dispatch.requests.get(name) : undefined;
    if (request === undefined) acknowledge(await refuseStray('NOT_FOUND', context, state.caller));
    else if (deps.isStopping()) acknowledge(refusalOf(new AppError('SHUTTING_DOWN')));
    else if (request.isHttpOnly) acknowledge(await refuseStray('METHOD_NOT_ALLOWED', context, state.caller));
    else if (args.length > 1) acknowledge(await refuseStray('INVALID_INPUT', context, state.caller));
    else acknowledge(await dispatch.answer(request, context, args[0] ?? {}));
  }

  /** What is no request is refused, and counted like one. */
  async function refuseStray(code: ErrorCode, context: PublicContext, caller: Caller): Promise<Refusal> {
    try {
      await dispatch.admitStray(caller, context.address);
      return refusalOf(new AppError(code));
    } catch (error) {
      return dispatch.refusal(error, context.requestId);
    }
  }

  return {
    attach(server) {
      io.attach(server, {
        allowRequest: (request, answer) => {
          const { address } = connectionFacts(request, proxies);
          answer(null, addresses.of(address) < openConnectionsMax(deps.connectionsPerAddress));
        },
      });
      io.engine.on('connection', (connection: EngineConnection) => {
        connection.once('close', addresses.add(connectionFacts(connection.request, proxies).address));
      });
    },
    connections: () => io.of('/').sockets.size,
    slowConnectionsClosed: slow.closed,
    close() {
      slow.stop();
      io.engine?.close();
    },
  };
}

type EngineConnection = {
  request: Socket['request'];
  once(event: 'close', listener: () => void): void;
};

const isAcknowledge = (value: unknown): value is Acknowledge => typeof value === 'function';

function releaseRequest(socket: Socket): void {
  // engine.io types it as always there, but reads it only while it sets up a connection
  (socket.conn as { request: unknown }).request = null; // see the line above
}
