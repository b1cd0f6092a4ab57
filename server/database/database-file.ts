/**
 * The database's files before it is opened for writing: is it sound enough, of which version, is a copy due. All of it on
 * a read-only connection, because closing the last one that may write would already change a damaged database.
 */
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { assertNotFromFuture, migrationState } from './migrate.ts';
import { copyBeforeMigration } from './migration-copies.ts';
import type { Migration } from './migration.ts';
import { openReader } from './open-sqlite.ts';
import type { ReaderConnection } from './open-sqlite.ts';
import { isCorrupt, isDiskFull } from './sqlite-errors.ts';

export const databaseName = 'maru.db';

/** The database and the files that belong to it, in the order in which they may be moved. */
const suffixes = ['-wal', '-shm', ''] as const;

/** A file's size, or undefined. Looks only: opening a database's file here would drop SQLite's locks on it. */
const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;

/** `2026-11-20T08-52-07-123Z`: sorts by time, and Windows takes it as a file name. */
export const stamp = (now: number): string => new Date(now).toISOString().replaceAll(/[:.]/g, '-');

const corrupt = (path: string, reason: string, cause?: unknown): StartupError =>
  new StartupError('DATABASE_CORRUPT', { path, reason }, { cause });

export type InspectOptions = { folder: string; migrations: readonly Migration[]; now: number };

/**
 * Looks at the database that is there, if any. Throws DATABASE_CORRUPT, DATABASE_FROM_FUTURE or DISK_FULL, and has changed
 * nothing then. If a migration is due, reads the whole database for damage and puts a copy into `backups`, whose path it
 * returns.
 */
export async function inspectDatabase({
  folder,
  migrations,
  now,
}: InspectOptions): Promise<string | undefined> {
  const path = join(folder, databaseName);
  if ((sizeOf(path) ?? 0) === 0) {
    // SQLite would delete a log whose database is empty, and with it whatever was acknowledged last.
    if ((sizeOf(`${path}-wal`) ?? 0) > 0) throw corrupt(path, 'its log is there, the database itself is not');
    return undefined;
  }
  try {
    const reader = await openReader(path);
    try {
      const state = migrationState(reader);
      assertNotFromFuture(path, state, migrations);
      if (state.number === (migrations.at(-1)?.number ?? 0)) return undefined;
      assertSound(path, reader);
      return copyBeforeMigration(reader, { folder, number: state.number + 1, stamp: stamp(now) });
    } finally {
      reader.sqlite.close();
    }
  } catch (error) {
    if (isCorrupt(error)) throw corrupt(path, String(error), error);
    if (isDiskFull(error)) throw new StartupError('DISK_FULL', { path: folder }, { cause: error });
    throw error;
  }
}

function assertSound(path: string, { sqlite }: ReaderConnection): void {
  const problems = sqlite.prepare('pragma quick_check(1)').pluck().all().map(String);
  if (problems[0] !== 'ok') throw corrupt(path, problems.join('; '));
}

/**
 * Moves a damaged database aside, with its log: nothing is deleted, and the three files still belong together under
 * their new name. Returns that name.
 */
export function setAside(folder: string, now: number): string {
  const path = join(folder, databaseName);
  let target = `${path}.corrupt-${stamp(now)}`;
  while (suffixes.some((suffix) => sizeOf(target + suffix) !== undefined)) target += '-again';
  for (const suffix of suffixes) {
    if (sizeOf(path + suffix) !== undefined) renameSync(path + suffix, target + suffix);
  }
  return target;
}
