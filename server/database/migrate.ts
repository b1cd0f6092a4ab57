/**
 * Brings a database to this program's version. Kysely's own migrator does not run in a transaction on SQLite, so this one
 * opens it: all pending migrations share one `begin immediate`, which leaves a database that either is of this version or
 * is exactly what it was, so that the previous program still starts.
 */
import { StartupError } from '../startup-error.ts';
import { createMigrationHandle, sqliteColumnTypes } from './kysely-sqlite.ts';
import type { Migration } from './migration.ts';
import type { ReaderConnection, WriterConnection } from './open-sqlite.ts';
import { isCorrupt, isDiskFull } from './sqlite-errors.ts';

/** The last migration of a database (0: none), and the version of the program that applied it. */
export type MigrationState = { number: number; appVersion: string };

/** Reads how far a database has come, without writing to it. */
export function migrationState({ sqlite }: ReaderConnection | WriterConnection): MigrationState {
  const hasTable =
    sqlite.prepare("select 1 from sqlite_schema where name = 'maru_migrations'").get() !== undefined;
  if (!hasTable) return { number: 0, appVersion: '' };
  const row = sqlite
    .prepare('select number, app_version from maru_migrations order by number desc limit 1')
    .get() as { number: number; app_version: string } | undefined; // the columns of the table below
  return { number: row?.number ?? 0, appVersion: row?.app_version ?? '' };
}

/** Throws DATABASE_FROM_FUTURE for a database that a newer program has migrated. */
export function assertNotFromFuture(
  path: string,
  state: MigrationState,
  migrations: readonly Migration[],
): void {
  const newest = migrations.at(-1)?.number ?? 0;
  if (state.number <= newest) return;
  throw new StartupError('DATABASE_FROM_FUTURE', {
    path,
    version: state.appVersion,
    migration: state.number,
  });
}

export type MigrateOptions = {
  migrations: readonly Migration[];
  appVersion: string;
  now: number;
  /** Where the copy from before was put, for the message of a failure. */
  backupPath?: string;
};

/**
 * Applies what is pending. Throws MIGRATION_FAILED with the migration's name and the copy's path, or DISK_FULL; either
 * way nothing has changed. Foreign keys are off meanwhile (a table cannot be rebuilt otherwise) and checked at the end.
 */
export async function migrate(writer: WriterConnection, options: MigrateOptions): Promise<void> {
  const { sqlite } = writer;
  const { number } = migrationState(writer);
  const pending = options.migrations.filter((migration) => migration.number > number);
  if (pending.length === 0) return;
  sqlite.pragma('foreign_keys = off');
  // Everything later only appends to what a migration made, so this one commit does wait for the disk.
  sqlite.pragma('synchronous = full');
  try {
    await applyAll(writer, pending, options);
  } finally {
    sqlite.pragma('synchronous = normal');
    sqlite.pragma('foreign_keys = on');
  }
}

async function applyAll(
  writer: WriterConnection,
  pending: readonly Migration[],
  { appVersion, now, backupPath }: MigrateOptions,
): Promise<void> {
  const { sqlite } = writer;
  const db = createMigrationHandle(writer);
  let current = '';
  try {
    sqlite.exec('begin immediate');
    sqlite.exec(
      'create table if not exists maru_migrations (number integer primary key, name text not null, ' +
        'applied_at integer not null, app_version text not null) strict',
    );
    const record = sqlite.prepare('insert into maru_migrations values (?, ?, ?, ?)');
    for (const { number, name, up } of pending) {
      current = `${String(number).padStart(4, '0')}-${name}`;
      await up(db, sqliteColumnTypes);
      record.run(number, name, now, appVersion);
    }
    const orphans = sqlite.prepare('pragma foreign_key_check').all();
    if (orphans.length > 0) throw new Error(`${orphans.length} rows point to rows that do not exist`);
    sqlite.exec('commit');
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('rollback');
    if (isCorrupt(error)) throw error;
    if (isDiskFull(error)) throw new StartupError('DISK_FULL', { path: sqlite.name }, { cause: error });
    const facts = { path: sqlite.name, migration: current, reason: String(error) };
    throw new StartupError(
      'MIGRATION_FAILED',
      backupPath === undefined ? facts : { ...facts, backup: backupPath },
      {
        cause: error,
      },
    );
  }
}
