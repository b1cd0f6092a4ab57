/**
 * The administrator's requests over a data folder whose server is stopped: storage and the admin's part, without gateways,
 * timers or anybody connected. What other people's clients have to do (new keys) they do once the server runs.
 */
import type { Answer } from '#contract/request.ts';
import type { HostSide } from './cli/running-server.ts';
import type { Config, ConfigKey, Origin } from './config.ts';
import type { Delivery } from './gateway/delivery.ts';
import { createPolicies } from './features/policies/policies.ts';
import { systemClock } from './features/system-clock.ts';
import { logger } from './logger.ts';
import { createAdmin } from './start-admin.ts';
import { createPeoplePowers } from './start-people.ts';
import { openStorage, takeDataFolder } from './start-storage.ts';
import type { Undo } from './start-storage.ts';

export type OfflineServer = {
  ask: (name: string, input: unknown) => Promise<Answer<unknown>>;
  close: () => Promise<void>;
};

type OfflineOptions = {
  config: Config;
  version: string;
  origins: Readonly<Record<ConfigKey, Origin>>;
};

const nothing = (): void => undefined;
/** Nobody is connected. */
const silence = {
  deliver: (_events: readonly Delivery[]) => nothing(),
  isOnline: () => false,
  onlineUserUids: () => [],
  connectionsOf: () => 0,
  isConnected: () => false,
};

/** Takes the folder as a server would. Throws StartupError, DATA_DIR_IN_USE among them. */
export async function openOffline(options: OfflineOptions): Promise<OfflineServer> {
  const undo: Undo = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ask: await prepare(options, undo), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepare(
  { config, version, origins }: OfflineOptions,
  undo: Undo,
): Promise<OfflineServer['ask']> {
  const log = logger('offline');
  const onBug = (error: unknown): void => log.error('a bug', { error });
  const clock = systemClock;
  const startedAt = clock.now();
  const ready = { config, onDataFolderReady: async () => undefined };
  const { secret } = await takeDataFolder(ready, { now: startedAt, log, undo });
  const { database, problems } = await openStorage({
    config,
    appVersion: version,
    onDurable: nothing,
    onFatal: onBug,
    onBug,
    now: clock.now,
    log,
    undo,
  });
  const host: HostSide = {
    origins,
    recentLog: () => [],
    licences: () => '',
    restart: nothing,
    onEvent: nothing,
  };
  const admin = createAdmin({
    config,
    version,
    database,
    audience: silence,
    clock,
    setUpCode: '',
    startedAt,
    host,
    port: () => config.port,
    gatewayStats: () => {
      throw new Error('A stopped server has no gateways.');
    },
    problems,
    confirmPassword: () => Promise.reject(new Error('The machine itself needs no password.')),
    policies: await createPolicies({ database, deliver: silence.deliver }),
    people: createPeoplePowers({ database, secret, rekeySearch: { start: nothing, end: nothing } }),
    secret,
    onBug,
  });
  undo.push(admin.stop);
  return (name, input) => admin.ask(name, input, 'cli');
}
