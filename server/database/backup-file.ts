/**
 * Backups as files: one database each, with the server's secret in a table of its own, so that a single file brings a server
 * back on any machine. What is written here has been read back and found sound; what is read here is checked first.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { copyDatabase } from './backup.ts';
import { assertNotFromFuture, migrationState } from './migrate.ts';
import type { Migration } from './migration.ts';
import { openCopy } from './open-sqlite.ts';
import type { CopyConnection, ReaderConnection } from './open-sqlite.ts';
import { isCorrupt, isDiskFull, isNotAllowed, isSqliteError } from './sqlite-errors.ts';

/** The length of a server's secret, as `server-secret.ts` makes it. */
const secretBytes = 64;

/** What a backup says about itself. `secret` is the content of the server's secret file. */
export type BackupFacts = { madeAt: number; appVersion: string; secret: Uint8Array };

/**
 * Writes a backup of the open database to `path`, which appears only when the copy is complete, sound and on the disk.
 * Throws DISK_FULL, DATA_DIR_NOT_WRITABLE (of the folder of `path`) or BACKUP_DAMAGED (also if the database itself is), and
 * leaves nothing behind then.
 */
export async function writeBackup(
  reader: ReaderConnection,
  path: string,
  facts: BackupFacts,
  migrations: readonly Migration[],
): Promise<void> {
  const part = `${path}.part`;
  try {
    rmSync(part, { force: true });
    copyDatabase(reader, part);
    const copy = await openCopy(part);
    try {
      addFacts(copy, facts);
      assertUsable(path, copy, migrations);
    } finally {
      copy.sqlite.close();
    }
    flushFile(part);
    renameSync(part, path);
    flushFolder(dirname(path));
  } catch (error) {
    for (const end of ['', '-journal']) removeIfPossible(part + end);
    const folder = dirname(path);
    if (isNotAllowed(error)) {
      const reason = String(error);
      throw new StartupError('DATA_DIR_NOT_WRITABLE', { path: folder, reason }, { cause: error });
    }
    if (isDiskFull(error)) throw new StartupError('DISK_FULL', { path: folder }, { cause: error });
    if (isCorrupt(error)) throw damaged(path, String(error), error);
    throw error;
  }
}

/** Where nothing can be written nothing can be removed either, and what went wrong first is what counts. */
function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // see above
  }
}

const damaged = (path: string, reason: string, cause?: unknown): StartupError =>
  new StartupError('BACKUP_DAMAGED', { path, reason }, { cause });

/**
 * Reads all of a copy for damage and looks whether this program can use it. `path` is the name for the message. Throws
 * BACKUP_DAMAGED or DATABASE_FROM_FUTURE.
 */
export function assertUsable(
  path: string,
  { sqlite }: CopyConnection,
  migrations: readonly Migration[],
): void {
  try {
    const state = migrationState({ kind: 'reader', sqlite });
    if (state.number === 0) throw damaged(path, 'not a database of Maru');
    assertNotFromFuture(path, state, migrations);
    const problems = sqlite.prepare('pragma integrity_check(5)').pluck().all().map(String);
    if (problems[0] !== 'ok') throw damaged(path, problems.join('; '));
    const orphans = sqlite.prepare('pragma foreign_key_check').all();
    if (orphans.length > 0) throw damaged(path, `${orphans.length} rows point to rows that do not exist`);
  } catch (error) {
    throw isSqliteError(error) && !isDiskFull(error) ? damaged(path, String(error), error) : error;
  }
}

function addFacts({ sqlite }: CopyConnection, { madeAt, appVersion, secret }: BackupFacts): void {
  sqlite.exec(
    'create table maru_backup (made_at integer not null, app_version text not null, secret blob not null) strict',
  );
  sqlite.prepare('insert into maru_backup values (?, ?, ?)').run(madeAt, appVersion, Buffer.from(secret));
}

/**
 * The secret that belongs to a copy, or null for one that was made without; the copy no longer holds it then. `path` is the
 * name for the message. Throws BACKUP_DAMAGED.
 */
export function takeSecret(path: string, { sqlite }: CopyConnection): Uint8Array | null {
  const hasFacts =
    sqlite.prepare("select 1 from sqlite_schema where name = 'maru_backup'").get() !== undefined;
  if (!hasFacts) return null;
  const secret: unknown = sqlite.prepare('select secret from maru_backup').pluck().get();
  // a server does not start with half a secret, and the one that is there would have made room for it
  if (!(secret instanceof Uint8Array) || secret.length !== secretBytes) {
    throw damaged(path, 'its secret is not whole');
  }
  sqlite.exec('drop table maru_backup');
  return secret;
}

/** Forces a file's content to the disk. Never for the open database: see `database-file.ts`. */
export function flushFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes names in a folder durable. Windows cannot open a folder and does not need it. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
