/**
 * Restoring a backup in two steps. *Staging* copies the backup into the data folder and checks the copy, while the server
 * may be running: a bad one is refused before anything is touched. *Setting in place*, at the next start and before anything is
 * opened, renames: the present database goes aside, the copy takes its place. Each rename can be repeated, and the staged
 * file itself is renamed last, so that a start that is cut off halfway is finished by the next one.
 */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { assertUsable, flushFile, flushFolder, takeSecret } from './backup-file.ts';
import { databaseName, stamp } from './database-file.ts';
import type { Migration } from './migration.ts';
import { migrationState } from './migrate.ts';
import { openCopy } from './open-sqlite.ts';
import type { CopyConnection } from './open-sqlite.ts';
import { schemaDifference } from './schema-check.ts';
import { isDiskFull, isSqliteError } from './sqlite-errors.ts';

/** What the restored database is told about its restore; see `restoredName`. `by`: a userUid, `host` or `cli`. */
export type RestoreMark = { backup: string; at: number; by: string };

/** The row of `server_state` that says so until the restore is completed: sessions end, the generation becomes new. */
export const restoredName = 'restored';

export type StageOptions = {
  /** The backup; it is copied and never written. */
  source: string;
  /** The data folder. */
  folder: string;
  mark: RestoreMark;
  migrations: readonly Migration[];
};

const stagedPattern = /^restore-[0-9TZ-]+\.db$/;

/**
 * Copies and checks a backup. Throws BACKUP_NOT_FOUND, BACKUP_DAMAGED, DATABASE_FROM_FUTURE or DISK_FULL; nothing has
 * changed then.
 */
export async function stageRestore({ source, folder, mark, migrations }: StageOptions): Promise<void> {
  assertBackupFile(source, folder);
  const staged = join(folder, `restore-${stamp(mark.at)}.db`);
  const part = `${staged}.part`;
  try {
    copyFileSync(source, part);
    // a copy that somebody made of the three files by hand: its log belongs to it
    if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${part}-wal`);
    const secret = await checkAndMark(source, part, mark, migrations);
    flushFile(part);
    for (const older of stagedIn(folder)) removeStaged(folder, older);
    if (secret !== null) {
      writeFileSync(secretOf(staged), secret, { mode: 0o600 });
      flushFile(secretOf(staged));
    }
    renameSync(part, staged);
    flushFolder(folder);
  } catch (error) {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(part + end, { force: true });
    rmSync(secretOf(staged), { force: true });
    if (isDiskFull(error)) throw new StartupError('DISK_FULL', { path: folder }, { cause: error });
    throw error;
  }
}

/** Gives up what was staged: the next start changes nothing then. */
export function dropStagedRestore(folder: string): void {
  for (const name of stagedIn(folder)) removeStaged(folder, name);
  flushFolder(folder);
}

/** Looks only: a descriptor of the open database, opened and closed here, would drop SQLite's locks on it. */
function assertBackupFile(source: string, folder: string): void {
  const found = statSync(source, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new StartupError('BACKUP_NOT_FOUND', { path: source });
  const present = statSync(join(folder, databaseName), { throwIfNoEntry: false });
  if (present !== undefined && present.dev === found.dev && present.ino === found.ino && found.ino !== 0) {
    throw new StartupError('BACKUP_DAMAGED', { path: source, reason: 'it is the present database itself' });
  }
}

async function checkAndMark(
  source: string,
  part: string,
  mark: RestoreMark,
  migrations: readonly Migration[],
): Promise<Uint8Array | null> {
  try {
    const copy = await openCopy(part);
    try {
      assertUsable(source, copy, migrations);
      await assertSchema(source, copy, migrations);
      const secret = takeSecret(source, copy);
      copy.sqlite
        .prepare('insert or replace into server_state (name, value) values (?, ?)')
        .run(restoredName, JSON.stringify(mark));
      return secret;
    } finally {
      copy.sqlite.close();
    }
  } catch (error) {
    if (!isSqliteError(error) || isDiskFull(error)) throw error;
    throw new StartupError('BACKUP_DAMAGED', { path: source, reason: String(error) }, { cause: error });
  }
}

async function assertSchema(
  source: string,
  { sqlite }: CopyConnection,
  migrations: readonly Migration[],
): Promise<void> {
  const { number } = migrationState({ kind: 'reader', sqlite });
  const applied = migrations.filter((migration) => migration.number <= number);
  const reason = await schemaDifference(sqlite, applied);
  if (reason !== undefined) throw new StartupError('BACKUP_DAMAGED', { path: source, reason });
}

export type SetInPlaceOptions = {
  folder: string;
  /** The server's secret file; a backup of another machine brings its own. */
  secretFile: string;
};

/**
 * Sets a staged restore in place, if there is one, and gives the new name of the database that was there (null if there
 * was none). Call it with the folder's lock held and no database open.
 */
export function setRestoreInPlace({
  folder,
  secretFile,
}: SetInPlaceOptions): { asideName: string | null } | undefined {
  sweepStaging(folder);
  const newest = stagedIn(folder).at(-1);
  if (newest === undefined) return undefined;
  const staged = join(folder, newest);
  const database = join(folder, databaseName);
  // named after the staged file, so that a repeated run finds what the one before it has moved
  const aside = `${database}.before-${newest.replace(/\.db$/, '')}`;
  for (const end of ['-wal', '-shm', '']) {
    if (existsSync(database + end)) renameSync(database + end, aside + end);
  }
  if (existsSync(secretOf(staged))) {
    if (existsSync(secretFile)) renameSync(secretFile, `${secretFile}.before-${newest.replace(/\.db$/, '')}`);
    renameSync(secretOf(staged), secretFile);
  }
  flushFolder(folder);
  renameSync(staged, database);
  flushFolder(folder);
  return { asideName: existsSync(aside) ? basename(aside) : null };
}

/** Removes what a staging that was cut off has left, and whatever is older than the last thing that was asked for. */
function sweepStaging(folder: string): void {
  const staged = stagedIn(folder);
  // it would be set in place by the start after this one
  for (const older of staged.slice(0, -1)) removeStaged(folder, older);
  for (const name of readdirSync(folder)) {
    const isHalf = /^restore-.*\.part(-wal|-shm|-journal)?$/.test(name);
    const isSecretAlone = /^restore-.*\.key$/.test(name) && !staged.includes(name.replace(/\.key$/, '.db'));
    if (isHalf || isSecretAlone) rmSync(join(folder, name), { force: true });
  }
}

const secretOf = (staged: string): string => staged.replace(/\.db$/, '.key');

const stagedIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => stagedPattern.test(name))
    .sort();

function removeStaged(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
  rmSync(secretOf(join(folder, name)), { force: true });
}
