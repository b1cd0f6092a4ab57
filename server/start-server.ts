/** The composition root: the whole server on one screen. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { limits } from '#contract/limits.ts';
import type { RunningServer, StartOptions } from './cli/running-server.ts';
import { rateLimitsOf } from './config.ts';
import type { Config } from './config.ts';
import type { DatabaseOptions, DatabaseStats } from './database/open-database.ts';
import { createTypedCode } from './features/accounts/typed-code.ts';
import { countAccounts, roomUidsOf } from './features/accounts/account-store.ts';
import type { Clock } from './features/feature-types.ts';
import { systemClock } from './features/system-clock.ts';
import { createAudience } from './gateway/audience.ts';
import { createCsrfTokens } from './gateway/csrf.ts';
import type { Delivery } from './gateway/delivery.ts';
import { createGateways } from './gateway/gateways.ts';
import type { GatewaySettings, GatewayStats } from './gateway/gateways.ts';
import { createLoginGuard } from './gateway/login-guard.ts';
import { createSocketServer } from './gateway/socket-gateway.ts';
import { logger } from './logger.ts';
import { createAdmin } from './start-admin.ts';
import { startFeatures } from './start-features.ts';
import { openStorage, takeDataFolder } from './start-storage.ts';
import type { Undo } from './start-storage.ts';
import { readStaticManifest } from './static-manifest.ts';

/** What tests and benches put in the place of the product's own. */
export type Substitutes = {
  clock: Clock;
  passwordCost: number;
  roomsMadePerHour: number;
  gateway: Partial<GatewaySettings>;
  database: Partial<Pick<DatabaseOptions<Delivery>, 'onFlushed' | 'syncLog' | 'logBounds'>>;
};

export type ServerStats = { gateway: GatewayStats; database: DatabaseStats; startedAt: number };

export type Server = RunningServer & { host: string | null; stats(): ServerStats };

/** Starts a server. Throws StartupError, or the operating system's error if it cannot listen. */
export async function startServer(
  options: StartOptions,
  substitutes: Partial<Substitutes> = {},
): Promise<Server> {
  const undo: Undo = [];
  try {
    return await build(options, substitutes, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function build(options: StartOptions, substitutes: Partial<Substitutes>, undo: Undo): Promise<Server> {
  const { config, version } = options;
  const log = logger('server');
  const onBug = (error: unknown): void => log.error('a bug', { error });
  const clock = substitutes.clock ?? systemClock;
  const { now } = clock;
  const startedAt = now();
  const folder = await takeDataFolder(options, { now: startedAt, log, undo });
  const { secret } = folder;
  const client = substitutes.gateway?.client === undefined ? readClient() : substitutes.gateway.client;
  const io = createSocketServer();
  const audience = createAudience(io, now);
  const { database, check, problems } = await openStorage({
    ...substitutes.database,
    config,
    appVersion: version,
    onDurable: audience.deliver,
    onFatal: options.onFatal,
    onBug,
    now,
    log,
    undo,
  });
  const loginGuard = createLoginGuard(now);
  const rateLimits = rateLimitsOf(config);
  const setUpCode = createTypedCode(randomBytes);
  const base = { config, version, database, audience, clock, secret, setUpCode, startedAt, problems, onBug };
  const features = await startFeatures({
    ...base,
    ...featureSettings(config, substitutes),
    loginGuard,
    rateLimits,
    csrfTokenFor: createCsrfTokens(secret).tokenFor,
    peopleChanged: () => admin.peopleChanged(),
  });
  undo.push(features.stop);
  const admin = createAdmin({
    ...base,
    policies: features.policies,
    confirmPassword: features.confirmPassword,
    people: features.people,
    host: options.host,
    port: () => port,
    gatewayStats: () => gateways.stats(),
  });
  undo.push(admin.stop);
  const gateways = createGateways({
    settings: { ...config, rateLimits, version, client, ...productSettings, ...substitutes.gateway },
    secret,
    io,
    audience,
    loginGuard,
    handlers: { ...features.handlers, ...admin.handlers },
    sessions: features.sessions,
    roomUidsOf: (userId) => roomUidsOf(database.read, userId),
    idempotencyStore: features.idempotencyStore,
    settled: database.settled,
    measure: () => databaseNumbers(database.stats()),
    problems,
    now,
  });
  undo.push(() => gateways.close());
  const port = await gateways.listen(config.port, config.host);
  admin.start();
  return {
    port,
    host: config.host,
    setupCode: (await countAccounts(database.read)) === 0 ? setUpCode : null,
    askAsHost: admin.ask,
    stats: () => ({ gateway: gateways.stats(), database: database.stats(), startedAt }),
    stop: stopOnce({ check, admin, gateways, features, database, folder }),
  };
}

type Stoppable = { stop: () => unknown };
type Running = {
  check: Stoppable;
  admin: Stoppable;
  gateways: { refuseWork: () => Promise<unknown>; close: () => Promise<unknown> };
  features: Stoppable;
  database: { close: () => Promise<unknown> };
  folder: { release: () => void };
};

function stopOnce({ check, admin, gateways, features, database, folder }: Running): () => Promise<void> {
  async function stop(): Promise<void> {
    // in the order of dependence: no new work, then those who write, then what they write to, then the connections
    check.stop();
    admin.stop();
    await gateways.refuseWork();
    await features.stop();
    await database.close();
    await gateways.close();
    folder.release();
  }
  let stopping: Promise<void> | undefined;
  // a restart and a stop may ask for it at one moment
  return () => (stopping ??= stop());
}

const featureSettings = (config: Config, { passwordCost, roomsMadePerHour }: Partial<Substitutes>) => ({
  sessionTimeoutMs: config.sessionTimeoutHours * 3_600_000,
  maxContentLength: config.maxContentLength,
  passwordCost: passwordCost ?? 10,
  roomsMadePerHour: roomsMadePerHour ?? limits.roomsMadePerHourMax,
});

const productSettings = { isOutputChecked: false, isProcessMeasured: true };

/** The bundle lies beside the server's own (`dist/static`), or below the source tree's root. */
function readClient() {
  const isSource = import.meta.url.endsWith('.ts');
  const folder = path.join(import.meta.dirname, isSource ? '../dist/static' : '../static');
  return { folder, manifest: readStaticManifest(folder) };
}

const databaseNumbers = ({ walBytes, databaseBytes, pendingUnits, isDiskFull, flush }: DatabaseStats) => ({
  wal_bytes: walBytes,
  database_bytes: databaseBytes,
  pending_units: pendingUnits,
  disk_full: isDiskFull ? 1 : 0,
  ...Object.fromEntries(Object.entries(flush).map(([name, value]) => [`flush_${name}`, value])),
});
