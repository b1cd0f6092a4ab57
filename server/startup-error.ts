/**
 * Why a server cannot start. The set is closed: `startup-messages.ts` has a sentence and an advice for each, in both
 * languages.
 */
export type StartupCode =
  | 'PORT_TAKEN'
  | 'PORT_NOT_ALLOWED'
  | 'HOST_NOT_HERE'
  | 'DATA_DIR_IN_USE'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_ON_NETWORK'
  | 'DATA_DIR_SYNCED'
  | 'DISK_FULL'
  | 'BACKUP_NOT_FOUND'
  | 'BACKUP_DAMAGED'
  | 'BACKUP_EXISTS'
  | 'DATABASE_CORRUPT'
  | 'DATABASE_FROM_FUTURE'
  | 'MIGRATION_FAILED'
  | 'SECRET_UNREADABLE'
  | 'SECRET_MISSING'
  | 'WRONG_NODE'
  | 'SQLITE_TOO_OLD'
  | 'CONFIG_INVALID'
  | 'FEATURE_NOT_AVAILABLE'
  | 'BUNDLE_MISSING';

/** What a sentence names: `path`, `port`, `program`, `pid`, `host`, `key`, `origin`, `version`, `expected`, `reason`, … */
export type StartupFacts = Readonly<Record<string, string | number>>;

/** A start-up failure that the person at the machine can do something about; never a bug. */
export class StartupError extends Error {
  readonly code: StartupCode;
  readonly facts: StartupFacts;

  constructor(code: StartupCode, facts: StartupFacts = {}, options: { cause?: unknown } = {}) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.name = 'StartupError';
    this.code = code;
    this.facts = facts;
  }
}
