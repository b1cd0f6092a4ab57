/** Both gateways over one dispatch and one HTTP server. */
import type { AddressInfo } from 'node:net';
import type { Server as SocketServer } from 'socket.io';
import { logger } from '../logger.ts';
import type { Audience } from './audience.ts';
import type { Client } from './client-files.ts';
import { tcpConnectionsMax } from './connection-caps.ts';
import { createCsrfTokens } from './csrf.ts';
import { createDispatch } from './dispatch.ts';
import type { RequestHandlers } from './handler.ts';
import { createHttpGateway } from './http-gateway.ts';
import { createHttpServer } from './http-server.ts';
import { createIdempotency } from './idempotency.ts';
import type { IdempotencyStore } from './idempotency.ts';
import type { LoginGuard } from './login-guard.ts';
import { createMetrics } from './metrics.ts';
import { createRateLimits } from './rate-limit.ts';
import type { RateLimitPoints } from './rate-limit.ts';
import { isLoopback } from './request-facts.ts';
import { createRequestIds } from './request-ids.ts';
import type { RequestTable } from './request-table.ts';
import type { ResponseTimeCounts } from './response-times.ts';
import type { FindSession } from './session.ts';
import type { SlowConsumerBounds } from './slow-consumers.ts';
import { createSocketGateway } from './socket-gateway.ts';
import { createTrustedProxies } from './trusted-proxies.ts';

export type GatewaySettings = {
  trustProxy: readonly string[];
  rateLimits: RateLimitPoints;
  connectionsPerUser: number;
  connectionsPerAddress: number;
  metricsToken: string | null;
  version: string;
  /** The bundled web client; null while there is none. */
  client: Client | null;
  /** Checks every answer against the contract. */
  isOutputChecked: boolean;
  isProcessMeasured: boolean;
  slowConsumers?: SlowConsumerBounds;
};

export type GatewaysDeps = {
  settings: GatewaySettings;
  /** The server's own secret. */
  secret: Uint8Array;
  io: SocketServer;
  audience: Audience;
  loginGuard: LoginGuard;
  handlers: RequestHandlers;
  sessions: { find: FindSession; noteUse: (sessionUid: string) => void };
  roomUidsOf: (userId: number) => Promise<readonly string[]>;
  idempotencyStore: IdempotencyStore;
  settled: () => Promise<void> | undefined;
  /** Numbers of other parts for the metrics. */
  measure: () => Readonly<Record<string, number>>;
  /** What is wrong with the server at the moment, as codes. */
  problems: () => string[];
  now: () => number;
};

export type GatewayStats = {
  connections: number;
  peopleOnline: number;
  /** Requests answered with a value, refused with a code, and failed because of a bug. */
  requests: number;
  refused: number;
  failed: number;
  messages: number;
  deliveries: number;
  rateLimited: number;
  failedSignIns: number;
  lockOuts: number;
  /** Answers by how long they took; see `response-times.ts`. */
  responseTimes: ResponseTimeCounts;
};

export type Gateways = {
  /** Rejects with the operating system's error. Resolves to the port. */
  listen(port: number, host: string | null): Promise<number>;
  stats(): GatewayStats;
  /** Takes no more connections, refuses requests, and resolves when those under way are answered. */
  refuseWork(): Promise<void>;
  /** Closes every connection; clients reconnect by themselves. */
  close(): Promise<void>;
};

/** Wires everything up; listens only when told to. */
export function createGateways(deps: GatewaysDeps): Gateways {
  const { settings, audience, io, loginGuard, now, sessions } = deps;
  const log = logger('gateway');
  let port = 0;
  let isStopping = false;
  let connectionsRefused = 0;
  const limits = createRateLimits(settings.rateLimits);
  const { handlers, settled } = deps;
  const dispatch = createDispatch({
    handlers,
    limits,
    settled,
    log,
    isOutputChecked: settings.isOutputChecked,
  });
  const shared = {
    ...settings,
    dispatch,
    audience,
    log,
    now,
    settled,
    findSession: sessions.find,
    csrfTokens: createCsrfTokens(deps.secret),
    proxies: createTrustedProxies(settings.trustProxy),
    requestIds: createRequestIds(),
    port: () => port,
    isStopping: () => isStopping,
  };
  const sockets = createSocketGateway({
    ...shared,
    io,
    noteUse: sessions.noteUse,
    roomUidsOf: deps.roomUidsOf,
  });
  const metrics = createMetrics({
    requests: dispatch.requests,
    rateLimitRefusals: limits.refusals,
    lockOuts: loginGuard.lockOuts,
    audience: audience.counts,
    connections: sockets.connections,
    slowConnectionsClosed: sockets.slowConnectionsClosed,
    connectionsRefused: () => connectionsRefused,
    peopleOnline: audience.peopleOnline,
    others: deps.measure,
    isProcessMeasured: settings.isProcessMeasured,
  });
  const idempotency = createIdempotency(deps.idempotencyStore, deps.secret);
  const { problems } = deps;
  const server = createHttpServer(createHttpGateway({ ...shared, metrics, idempotency, problems }), {
    perAddress: tcpConnectionsMax(settings.connectionsPerAddress),
    // a reverse proxy brings everybody's connections, and a limit would not protect the machine from itself
    isExempt: (address) => isLoopback(address) || shared.proxies.isTrusted(address),
    onRefused: () => void (connectionsRefused += 1),
  });
  sockets.attach(server);

  return {
    listen: (wantedPort, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port: wantedPort, ...(host === null ? {} : { host }) }, () => {
          server.off('error', reject);
          ({ port } = server.address() as AddressInfo); // a TCP server that listens has one
          resolve(port);
        });
      }),
    stats: () => ({
      connections: sockets.connections(),
      peopleOnline: audience.peopleOnline(),
      ...totals(dispatch.requests),
      messages: dispatch.requests.get('message:send')?.answered ?? 0,
      deliveries: audience.counts().deliveries,
      rateLimited: sum(Object.values(limits.refusals())),
      failedSignIns: loginGuard.failures(),
      lockOuts: loginGuard.lockOuts(),
      responseTimes: dispatch.responseTimes(),
    }),
    async refuseWork() {
      isStopping = true;
      server.close();
      server.closeIdleConnections();
      await dispatch.drained();
    },
    async close() {
      isStopping = true;
      const closed = new Promise<void>((resolve) => {
        if (server.listening) server.close(() => resolve());
        else resolve();
      });
      sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function totals(requests: RequestTable) {
  const total = { requests: 0, refused: 0, failed: 0 };
  for (const { answered, refused, failed } of requests.values()) {
    total.requests += answered;
    total.refused += refused;
    total.failed += failed;
  }
  return total;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
