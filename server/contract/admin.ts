/**
 * What the host's window and the page at `/admin` ask. The contract says "signed in"; that only owner and admins are
 * answered is the handlers' rule (FORBIDDEN otherwise). The desktop app's host process may ask the same without a session.
 */
import * as z from 'zod/mini';
import { Role } from './accounts.ts';
import { adminPeopleEvents, adminPeopleRequests } from './admin-people.ts';
import { auditChainRequests } from './audit-export.ts';
import { Timestamp, UserUid, wholeNumber } from './ids.ts';
import { adminResetRequests } from './recovery.ts';
import { ServerPolicies } from './policies.ts';
import { defineEvents, defineRequests } from './request.ts';
import { AuthKey } from './sealed.ts';

const Bytes = z.int();
const Count = z.int();
const Milliseconds = z.number();

export const ServerAddress = z.object({
  url: z.string(),
  kind: z.enum(['loopback', 'IPv4', 'IPv6', 'name']),
});
export type ServerAddress = z.infer<typeof ServerAddress>;

export const SignUpPolicy = z.enum(['open', 'approval', 'invitation', 'closed']);
export type SignUpPolicy = z.infer<typeof SignUpPolicy>;

export const AdminOverview = z.object({
  version: z.string(),
  startedAt: Timestamp,
  serverTime: Timestamp,
  port: z.int(),
  addresses: z.array(ServerAddress),
  /** What a phone on the same network can most probably open; null without a network. */
  bestUrl: z.nullable(z.string()),
  signUp: SignUpPolicy,
  /** True while no account exists. */
  isSetUpNeeded: z.boolean(),
  /** The code for the first account; for the host alone, and only while it is needed. */
  setUpCode: z.nullable(z.string()),
  /** Accounts in use. */
  accounts: Count,
  dataDir: z.string(),
  /** What is wrong at the moment, as codes: `DISK_FULL`, `DATABASE_CORRUPT`. */
  problems: z.array(z.string()),
  /** Settings were written that the running server does not have yet. */
  isRestartNeeded: z.boolean(),
  /** False where nobody can start the server again: inside tests and tools. */
  canRestart: z.boolean(),
});
export type AdminOverview = z.infer<typeof AdminOverview>;

/** Numbers of one interval, and gauges at its end. Rates are for whoever draws: count × 1000 ÷ `intervalMs`. */
export const AdminSample = z.object({
  at: Timestamp,
  intervalMs: Milliseconds,
  uptimeMs: Milliseconds,
  peopleOnline: Count,
  connections: Count,
  messages: Count,
  /** Events times receivers. */
  deliveries: Count,
  /** Requests answered, refused with a code, and failed because of a bug. */
  answered: Count,
  refused: Count,
  failed: Count,
  /** Time from a request's arrival to its answer, the wait for the disk included; null if there was none. */
  responseP50Ms: z.nullable(Milliseconds),
  responseP99Ms: z.nullable(Milliseconds),
  loopDelayP99Ms: Milliseconds,
  /** Percent of one core. */
  cpuPercent: z.number(),
  memoryBytes: Bytes,
  walBytes: Bytes,
  databaseBytes: Bytes,
  /** Null where the operating system does not say. */
  diskFreeBytes: z.nullable(Bytes),
  diskTotalBytes: z.nullable(Bytes),
  failedSignIns: Count,
  lockOuts: Count,
  rateLimited: Count,
});
export type AdminSample = z.infer<typeof AdminSample>;

export const OnlinePerson = z.object({
  userUid: UserUid,
  username: z.string(),
  displayName: z.string(),
  department: z.string(),
  title: z.string(),
  role: Role,
  connections: Count,
});
export type OnlinePerson = z.infer<typeof OnlinePerson>;

export const AdminLogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type AdminLogLevel = z.infer<typeof AdminLogLevel>;

export const AdminLogLine = z.object({
  /** Counts up; the newest is the highest. */
  id: Count,
  at: Timestamp,
  level: AdminLogLevel,
  area: z.string(),
  /** Message and fields as they are in the log file, which never holds content, keys or tokens. */
  text: z.string(),
});
export type AdminLogLine = z.infer<typeof AdminLogLine>;

const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
export type SettingValue = z.infer<typeof SettingValue>;

export const Setting = z.object({
  key: z.string(),
  /** What the running server uses. A secret is `null` or eight asterisks. */
  value: SettingValue,
  /** What it will use after the next start. */
  nextValue: SettingValue,
  source: z.enum(['default', 'file', 'environment', 'argument']),
  /** `DEFAULT_PORT`, `--port`, or the path of config.json. */
  sourceName: z.string(),
  /** Environment or argument decide: config.json does not count, and a change is refused. */
  isOverridden: z.boolean(),
  /** False for what belongs to features that this version does not have, or can only be an argument. */
  isEditable: z.boolean(),
  isSecret: z.boolean(),
  /** `number`, `flag`, `choice`, `url`, `networks`, `host`, `path`, `token`, `text`. */
  kind: z.string(),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  choices: z.optional(z.array(z.string())),
});
export type Setting = z.infer<typeof Setting>;

export const BackupFile = z.object({
  /** A file name in `<data>/backups`, and how a restore names it. */
  name: z.string(),
  sizeBytes: Bytes,
  at: Timestamp,
  /** `migration`: made by itself before an upgrade. */
  kind: z.enum(['backup', 'migration']),
});
export type BackupFile = z.infer<typeof BackupFile>;

const BackupName = z.string().check(z.maxLength(200), z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.db$/));

export const adminRequests = defineRequests({
  'admin:overview': {
    input: z.object({}),
    output: AdminOverview,
    http: 'GET /api/admin/overview',
    summary: 'Addresses, version, sign-up policy and problems of this server. Owner and admins only.',
  },
  'admin:stats': {
    input: z.object({}),
    output: z.object({ samples: z.array(AdminSample) }),
    http: 'GET /api/admin/stats',
    summary: 'The samples of the last five minutes, oldest first. Owner and admins only.',
  },
  'admin:watch': {
    input: z.object({ on: z.boolean() }),
    output: z.object({}),
    http: 'POST /api/admin/watch',
    summary:
      'Over a socket: starts or ends `admin:sampled`, once a second, for this socket. Owner and admins only.',
  },
  'admin:online': {
    input: z.object({}),
    output: z.object({ people: z.array(OnlinePerson), total: Count }),
    http: 'GET /api/admin/online',
    summary: 'Who has an open connection, by user name, at most 500. Owner and admins only.',
  },
  'admin:log': {
    input: z.object({
      /** This level and those above. */
      level: z.optional(AdminLogLevel),
      /** Part of area or text, in any case. */
      query: z.optional(z.string().check(z.maxLength(100))),
      /** Only lines after this id. */
      after: z.optional(wholeNumber()),
      limit: z.optional(wholeNumber(1, 500)),
    }),
    output: z.object({ lines: z.array(AdminLogLine), lastId: Count }),
    http: 'GET /api/admin/log',
    summary: 'The newest lines of the log, oldest first. Owner and admins only.',
  },
  'admin:settings': {
    input: z.object({}),
    output: z.object({ settings: z.array(Setting), isRestartNeeded: z.boolean() }),
    http: 'GET /api/admin/settings',
    summary:
      'Every setting with its value and where it comes from; secrets are masked. Owner and admins only.',
  },
  'admin:change-settings': {
    input: z.object({
      /** `null` brings a key back to its default. */
      changes: z.record(z.string().check(z.maxLength(64)), SettingValue),
    }),
    output: z.object({ settings: z.array(Setting), isRestartNeeded: z.boolean() }),
    http: 'PATCH /api/admin/settings',
    summary: 'Writes settings to config.json; they count from the next start. Owner and admins only.',
  },
  'admin:set-sign-up': {
    input: z.object({ signUp: SignUpPolicy }),
    output: z.object({ signUp: SignUpPolicy }),
    http: 'PUT /api/admin/sign-up',
    summary:
      'Who may make an account: anybody, who is let in by an admin, who has an invitation, nobody. At once. Owner and admins only.',
  },
  'admin:policies': {
    input: z.object({}),
    output: z.object({ policies: ServerPolicies }),
    http: 'GET /api/admin/policies',
    summary: 'What was decided for everybody. Owner and admins only.',
  },
  'admin:set-policies': {
    input: z.object({ policies: z.partial(ServerPolicies) }),
    output: z.object({ policies: ServerPolicies }),
    http: 'PATCH /api/admin/policies',
    summary: 'Decides for everybody, at once; what is left out stays as it is. Owner and admins only.',
  },
  'admin:backup': {
    input: z.object({}),
    output: z.object({ backup: BackupFile }),
    http: 'POST /api/admin/backups',
    summary: 'Makes a consistent copy while running and checks it. Owner and admins only.',
  },
  'admin:backups': {
    input: z.object({}),
    output: z.object({
      backups: z.array(BackupFile),
      folder: z.string(),
      /** False for an admin: only the owner restores. */
      canRestore: z.boolean(),
    }),
    http: 'GET /api/admin/backups',
    summary: 'The copies in the backups folder, newest first. Owner and admins only.',
  },
  'admin:delete-backup': {
    input: z.object({
      name: BackupName,
      /** The newest copy is deleted only with this: somebody was asked about exactly that. */
      mayBeNewest: z.optional(z.boolean()),
    }),
    output: z.object({}),
    http: 'DELETE /api/admin/backups/:name',
    summary:
      'Deletes a copy from the backups folder; the newest one only with `mayBeNewest`. Owner and admins only.',
  },
  'admin:restore': {
    input: z.object({
      name: BackupName,
      /** The caller's password again, as its derived key; the host needs none. */
      authKey: z.optional(AuthKey),
    }),
    output: z.object({ backup: BackupFile }),
    http: 'POST /api/admin/restore',
    limit: 'login',
    summary:
      'Checks a copy, sets it in place of the database and starts again: everybody signs in anew. The present database is kept aside. Owner only.',
  },
  'admin:restart': {
    input: z.object({}),
    output: z.object({}),
    http: 'POST /api/admin/restart',
    summary: 'Stops gracefully and starts again with the settings as they are now. Owner and admins only.',
  },
  'admin:about': {
    input: z.object({}),
    output: z.object({
      version: z.string(),
      node: z.string(),
      sqlite: z.string(),
      platform: z.string(),
      /** The licences of everything in the product, as Markdown. */
      licences: z.string(),
    }),
    http: 'GET /api/admin/about',
    summary: 'Version, platform and licences. Owner and admins only.',
  },
  ...adminPeopleRequests,
  ...adminResetRequests,
  ...auditChainRequests,
});

export const adminEvents = defineEvents({
  /** To sockets that watch, once a second. */
  'admin:sampled': z.object({ sample: AdminSample }),
  /** To every owner and admin: the server is about to stop and start again; `port` is where it will listen. */
  'admin:restarting': z.object({ port: z.int() }),
  ...adminPeopleEvents,
});

export type AdminRequests = typeof adminRequests;
export type AdminRequestName = keyof AdminRequests;
/** What a caller sends. */
export type AdminInput<Name extends AdminRequestName> = z.input<AdminRequests[Name]['input']>;
/** What a caller gets. */
export type AdminOutput<Name extends AdminRequestName> = z.output<AdminRequests[Name]['output']>;
export type AdminEventName = keyof typeof adminEvents;
export type AdminEventPayload<Name extends AdminEventName> = z.output<(typeof adminEvents)[Name]>;
