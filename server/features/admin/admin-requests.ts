/** Requests of the administrator's pages: what there is to see, and the few things to set. */
import type {
  AdminEventPayload,
  AdminLogLine,
  AdminOutput,
  ServerAddress,
  SettingValue,
} from '#contract/admin.ts';
import type { adminPeopleRequests } from '#contract/admin-people.ts';
import type { auditChainRequests } from '#contract/audit-export.ts';
import type { ServerPolicies } from '#contract/policies.ts';
import { AppError } from '../../app-error.ts';
import type { AuditAction, AuditEntry } from '../audit/audit-log.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';
import type { SignUpPolicy } from '../server-info/server-state.ts';
import { actorUid } from './admin-access.ts';
import type { AdminActor, AdminContext, AdminHandlers } from './admin-access.ts';
import type { ResetRequestName } from './reset-code-requests.ts';
import { countActive, listAdminUids, listByUid, presentActor, readSqliteVersion } from './admin-store.ts';
import { chooseLines } from './log-rules.ts';
import type { Sampler } from './sampler.ts';

/** Settings of this host, as the composition root knows them. */
export type HostSettings = {
  /** Throws SETTINGS_UNREADABLE. */
  list(): AdminOutput<'admin:settings'>;
  /** Where the server will listen after its next start. Throws SETTINGS_UNREADABLE if a start would refuse the file. */
  nextPort(): number;
  /** Writes them. Throws INVALID_INPUT or SETTING_OVERRIDDEN with the key as field, PORT_TAKEN, SETTINGS_UNREADABLE, DISK_FULL. */
  change(changes: Readonly<Record<string, SettingValue>>): Promise<void>;
};

/** The machine that the server runs on. */
export type HostFacts = {
  port: () => number;
  addresses: () => ServerAddress[];
  bestUrl: () => string | null;
  /** Lines of the log in memory, oldest first. */
  logLines: () => AdminLogLine[];
  about: () => Omit<AdminOutput<'admin:about'>, 'sqlite'>;
  /** Null where nobody can start the server again. */
  restart: (() => void) | null;
};

export type AdminDeps = {
  database: FeatureDatabase;
  sampler: Sampler;
  settings: HostSettings;
  host: HostFacts;
  version: string;
  startedAt: number;
  dataDir: string;
  setUpCode: string;
  problems: () => string[];
  online: { onlineUserUids: () => string[]; connectionsOf: (userUid: string) => number };
  /** `admin:restarting` to these people and to the host. */
  tellAdmins: (userUids: string[], payload: AdminEventPayload<'admin:restarting'>) => void;
  readSignUp: (db: Read) => Promise<SignUpPolicy>;
  writeSignUp: (unit: Unit, policy: SignUpPolicy) => Promise<void>;
  /** What was decided for everybody. */
  policies: {
    current: () => ServerPolicies;
    write: (unit: Unit, change: Partial<ServerPolicies>) => Promise<ServerPolicies>;
    changed: (policies: ServerPolicies) => void;
  };
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
};

/** As many names as a page of people shows. */
const onlineMax = 500;

export type AdminAudit = (
  context: AdminContext,
  action: AuditAction,
  details?: Readonly<Record<string, string>>,
  work?: (unit: Unit, actor: AdminActor) => Promise<void>,
) => Promise<void>;

/** Writes down who did what, in one unit with the work itself where that is in the database and may still be done. */
export const createAdminAudit =
  ({ database, appendAudit }: Pick<AdminDeps, 'database' | 'appendAudit'>): AdminAudit =>
  ({ actor, now }, action, details = {}, work) =>
    database.write(async (unit) => {
      if (work !== undefined) await work(unit, await presentActor(unit.db, actor));
      await appendAudit(unit, { at: now, actorUid: actorUid(actor), action, subject: 'server', details });
      return { value: undefined, events: [] };
    });

type Own = Omit<
  AdminHandlers,
  | 'admin:backup'
  | 'admin:backups'
  | 'admin:delete-backup'
  | 'admin:restore'
  | keyof typeof adminPeopleRequests
  | keyof typeof auditChainRequests
  | ResetRequestName
>;

export function createAdminRequests(deps: AdminDeps, audit: AdminAudit): Own {
  const { database, sampler, settings, host, online } = deps;
  return {
    'admin:overview': (context) => overview(deps, context),
    'admin:stats': () => ({ samples: sampler.samples() }),

    'admin:watch'({ actor }, { on }) {
      if (actor.kind === 'host') sampler.watch({ kind: 'host' }, on);
      else if (actor.socketId !== null) {
        sampler.watch({ kind: 'socket', socketId: actor.socketId, userId: actor.userId }, on);
      }
      // an event has to come by some way
      else throw new AppError('METHOD_NOT_ALLOWED');
      return {};
    },

    async 'admin:online'() {
      const userUids = online.onlineUserUids();
      const people = await listByUid(database.read, userUids.slice(0, onlineMax));
      return {
        total: userUids.length,
        people: people.map(({ uid, username, display_name: displayName, ...rest }) => ({
          ...rest,
          userUid: uid,
          username: username ?? '',
          displayName,
          connections: online.connectionsOf(uid),
        })),
      };
    },

    'admin:log'(_context, wish) {
      const all = host.logLines();
      return { lines: chooseLines(all, wish), lastId: all.at(-1)?.id ?? 0 };
    },

    'admin:settings': () => settings.list(),

    async 'admin:change-settings'(context, { changes }) {
      await settings.change(changes);
      await audit(context, 'settings-changed', { keys: Object.keys(changes).sort().join(' ') });
      return settings.list();
    },

    async 'admin:set-sign-up'(context, { signUp }) {
      await audit(context, 'sign-up-changed', { policy: signUp }, (unit) => deps.writeSignUp(unit, signUp));
      return { signUp };
    },

    'admin:policies': () => ({ policies: deps.policies.current() }),

    async 'admin:set-policies'(context, { policies: change }) {
      const details = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [name, String(value)]),
      );
      let next = deps.policies.current();
      await audit(context, 'policies-changed', details, async (unit) => {
        next = await deps.policies.write(unit, change);
      });
      deps.policies.changed(next);
      return { policies: next };
    },

    async 'admin:restart'(context) {
      const { restart } = host;
      if (restart === null) throw new AppError('RESTART_NOT_POSSIBLE');
      // before anything is stopped: with settings that cannot be read it would not start again
      settings.nextPort();
      await audit(context, 'server-restarted');
      await announceRestart(deps);
      restart();
      return {};
    },

    'admin:about': async () => ({ ...host.about(), sqlite: await readSqliteVersion(database.read) }),
  };
}

/** Tells open pages of administrators where the server will be in a moment. */
export async function announceRestart({
  database,
  tellAdmins,
  settings,
  host,
}: Pick<AdminDeps, 'database' | 'tellAdmins' | 'settings' | 'host'>): Promise<void> {
  // 0 stands for any
  const port = settings.nextPort() || host.port();
  tellAdmins(await listAdminUids(database.read), { port });
}

async function overview(
  deps: AdminDeps,
  { actor, now }: AdminContext,
): Promise<AdminOutput<'admin:overview'>> {
  const { database, host } = deps;
  const accounts = await countActive(database.read);
  const isSetUpNeeded = accounts === 0;
  const settings = settingsState(deps.settings);
  return {
    version: deps.version,
    startedAt: deps.startedAt,
    serverTime: now,
    port: host.port(),
    addresses: host.addresses(),
    bestUrl: host.bestUrl(),
    signUp: await deps.readSignUp(database.read),
    isSetUpNeeded,
    setUpCode: isSetUpNeeded && actor.kind === 'host' ? deps.setUpCode : null,
    accounts,
    dataDir: deps.dataDir,
    problems: [...deps.problems(), ...settings.problems],
    isRestartNeeded: settings.isRestartNeeded,
    canRestart: host.restart !== null,
  };
}

/** Settings that somebody broke by hand are a problem to show; they must not hide everything else. */
function settingsState(settings: HostSettings): { problems: string[]; isRestartNeeded: boolean } {
  try {
    settings.nextPort();
    return { problems: [], isRestartNeeded: settings.list().isRestartNeeded };
  } catch (error) {
    if (error instanceof AppError) return { problems: [error.code], isRestartNeeded: false };
    throw error;
  }
}
