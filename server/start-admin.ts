/** The administrator's requests, put together: numbers from every part, the host's settings, backups. */
import { randomBytes } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import type {
  AdminEventPayload,
  AdminLogLevel,
  AdminLogLine,
  AdminRequestName,
  AdminSample,
} from '#contract/admin.ts';
import type { Answer } from '#contract/request.ts';
import { AppError } from './app-error.ts';
import { bestLanAddress, serverAddresses } from './cli/addresses.ts';
import { firstFreePort } from './cli/port-choice.ts';
import type { HostName, HostSide } from './cli/running-server.ts';
import type { Config } from './config.ts';
import type { Database } from './database/open-database.ts';
import { dropStagedRestore, restoredName } from './database/restore.ts';
import { deleteAllInvitations } from './features/accounts/invitation-store.ts';
import { deleteAllResetCodes } from './features/accounts/recovery-store.ts';
import { deleteAllSessions } from './features/accounts/session-store.ts';
import { askAsHost, forPeople } from './features/admin/admin-access.ts';
import type { AdminHandlers } from './features/admin/admin-access.ts';
import { createAdminAudit, createAdminRequests } from './features/admin/admin-requests.ts';
import type { HostFacts } from './features/admin/admin-requests.ts';
import { administratorIds, listAdminUids, readRole } from './features/admin/admin-store.ts';
import { createAuditRequests } from './features/admin/audit-requests.ts';
import { createBackupRequests } from './features/admin/backup-requests.ts';
import { countByState } from './features/admin/people-list-store.ts';
import { createPeopleRequests } from './features/admin/people-requests.ts';
import { createResetCodeRequests } from './features/admin/reset-code-requests.ts';
import { createProcessMeter } from './features/admin/process-meter.ts';
import { completeRestore } from './features/admin/restore-completion.ts';
import { createSampler } from './features/admin/sampler.ts';
import type { Watchers } from './features/admin/sampler.ts';
import { readChainPage } from './features/audit/audit-export-requests.ts';
import { appendAudit, verifyAudit } from './features/audit/audit-log.ts';
import { readServerAudit } from './features/audit/server-audit-store.ts';
import type { Clock } from './features/feature-types.ts';
import { deleteAllAnswers } from './features/idempotency/idempotency-store.ts';
import type { Policies } from './features/policies/policies.ts';
import { readSignUp, renewGeneration, writeSignUp } from './features/server-info/server-state.ts';
import type { Audience } from './gateway/audience.ts';
import type { Delivery } from './gateway/delivery.ts';
import { toSockets, toUsers } from './gateway/delivery.ts';
import { refusalOf } from './gateway/dispatch.ts';
import type { GatewayStats } from './gateway/gateways.ts';
import type { RequestHandlers } from './gateway/handler.ts';
import { createHostSettings, originsOf } from './host-settings.ts';
import { logger } from './logger.ts';
import { readLogLine } from './log-line.ts';
import type { PeoplePowers } from './start-people.ts';

export type AdminDeps = {
  config: Config;
  version: string;
  database: Database<Delivery>;
  audience: Pick<Audience, 'deliver' | 'isOnline' | 'onlineUserUids' | 'connectionsOf' | 'isConnected'>;
  clock: Clock;
  secret: Uint8Array;
  setUpCode: string;
  startedAt: number;
  host: HostSide | undefined;
  /** Known once the server listens. */
  port: () => number;
  gatewayStats: () => GatewayStats;
  problems: () => string[];
  confirmPassword: (person: { userId: number; address: string; authKey: string }) => Promise<void>;
  policies: Policies;
  people: PeoplePowers;
  onBug: (error: unknown) => void;
};

export type Admin = {
  handlers: Pick<RequestHandlers, AdminRequestName>;
  /** See `RunningServer`. */
  ask: (name: string, input: unknown, by?: HostName) => Promise<Answer<unknown>>;
  /** Accounts came, went or changed: tells open consoles. */
  peopleChanged: () => void;
  /** Begins to measure. Call it once the server listens. */
  start: () => void;
  stop: () => void;
};

/** How long an answer has to leave before the server that gave it stops. */
const restartDelayMs = 300;

export function createAdmin(deps: AdminDeps): Admin {
  const { config, database, audience, clock, host: hostSide, onBug } = deps;
  const meter = createProcessMeter(config.dataDir);
  const tell = ({ socketIds, isHost }: Watchers, sample: AdminSample): void => {
    audience.deliver([toSockets(socketIds, 'admin:sampled', { sample })]);
    if (isHost) hostSide?.onEvent('admin:sampled', { sample });
  };
  const read = async () => {
    const { walBytes, databaseBytes } = database.stats();
    return { ...deps.gatewayStats(), ...(await meter.read()), walBytes, databaseBytes, at: clock.now() };
  };
  const { isConnected } = audience;
  const sampler = createSampler({
    read,
    startedAt: deps.startedAt,
    clock,
    isConnected,
    administrators: () => administratorIds(database.read),
    tell,
    onBug,
  });
  const settings = createHostSettings({
    config,
    origins: hostSide?.origins ?? originsOf(config),
    canListen: async (port, host) => (await firstFreePort([port], host)) !== null,
  });
  const shared = {
    ...deps,
    sampler,
    settings,
    host: hostFacts(deps),
    dataDir: config.dataDir,
    online: audience,
    copies: { ...database, dropStagedRestore: () => dropStagedRestore(config.dataDir) },
    tellAdmins: (userUids: string[], payload: AdminEventPayload<'admin:restarting'>) => {
      audience.deliver([toUsers(userUids, 'admin:restarting', payload)]);
      hostSide?.onEvent('admin:restarting', payload);
    },
    readSignUp,
    writeSignUp,
    appendAudit,
  };
  const audit = createAdminAudit(shared);
  const tellPeopleChanged = async (): Promise<void> => {
    const payload = { pending: (await countByState(database.read)).pending };
    audience.deliver([toUsers(await listAdminUids(database.read), 'admin:people-changed', payload)]);
    hostSide?.onEvent('admin:people-changed', payload);
  };
  const peopleChanged = (): void => void tellPeopleChanged().catch(onBug);
  const handlers: AdminHandlers = {
    ...createAdminRequests(shared, audit),
    ...createBackupRequests({ ...shared, log: logger('backup') }, audit),
    ...createPeopleRequests({ ...shared, ...deps.people, online: audience, peopleChanged }),
    ...createAuditRequests({ database, readAudit: readServerAudit, checkAudit: verifyAudit, readChainPage }),
    ...createResetCodeRequests({ ...deps, ...deps.people }),
  };
  return {
    handlers: forPeople(handlers, (userId) => readRole(database.read, userId)),
    ask: (name, input, by = 'host') => answerHost(deps, handlers, { name, input, by }),
    peopleChanged,
    start: sampler.start,
    stop() {
      sampler.stop();
      meter.stop();
    },
  };
}

async function answerHost(
  { clock, database, onBug }: AdminDeps,
  handlers: AdminHandlers,
  { name, input, by }: { name: string; input: unknown; by: HostName },
): Promise<Answer<unknown>> {
  try {
    const value = await askAsHost(handlers, name, input, { now: clock.now(), by });
    await database.settled();
    return { ok: true, value };
  } catch (error) {
    if (error instanceof AppError) return refusalOf(error);
    onBug(error);
    return refusalOf(new AppError('INTERNAL'));
  }
}

function hostFacts({ config, clock, port, version, host }: AdminDeps): HostFacts {
  const addresses = () =>
    serverAddresses({
      host: config.host,
      port: port(),
      interfaces: networkInterfaces(),
      hostName: hostname(),
    });
  return {
    port,
    addresses,
    bestUrl: () => bestLanAddress(addresses())?.url ?? null,
    logLines: () => (host?.recentLog() ?? []).flatMap(({ id, line }) => logLine(id, line)),
    about: () => ({
      version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      licences: host?.licences() ?? '',
    }),
    restart: host === undefined ? null : () => void clock.after(restartDelayMs, host.restart),
  };
}

const levels: readonly AdminLogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

function logLine(id: number, line: string): AdminLogLine[] {
  const read = readLogLine(line);
  const level = levels.find((name) => name === read?.level);
  return read === null || level === undefined ? [] : [{ ...read, id, level }];
}

/** Finishes a restore that was set in place before the database was opened; gives the backup's name then. */
export const finishRestore = (database: Database<Delivery>): Promise<string | null> =>
  completeRestore({
    database,
    markName: restoredName,
    forget: [deleteAllSessions, deleteAllAnswers, deleteAllResetCodes, deleteAllInvitations],
    renewGeneration: async (unit) => void (await renewGeneration(unit, randomBytes)),
    appendAudit,
  });
