/** The copies that are made before a migration: whole ones only, and the newest few. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyDatabase } from './backup.ts';
import { flushFolder } from './backup-file.ts';
import type { ReaderConnection } from './open-sqlite.ts';

/** One for the version before, and two more in case that one was started by mistake. */
const keptCopies = 3;

const copyPattern = /^before-migration-\d{4,}-([0-9TZ-]+)\.db$/;

export type CopyWish = {
  /** The data folder. */
  folder: string;
  /** The first migration that is due. */
  number: number;
  /** The time as a part of a file's name. */
  stamp: string;
};

/**
 * Copies the database into `backups` of the data folder and gives the copy's path; copies but the newest three are removed
 * once it is on the disk. For the holder of the folder's lock. Throws SQLite's error (a full disk, for one), and leaves
 * everything as it was then.
 */
export function copyBeforeMigration(reader: ReaderConnection, { folder, number, stamp }: CopyWish): string {
  const backups = join(folder, 'backups');
  mkdirSync(backups, { recursive: true, mode: 0o700 });
  // half a copy, of a start that was cut off
  for (const name of readdirSync(backups)) {
    if (/^before-migration-.*\.db\.part/.test(name)) rmSync(join(backups, name), { force: true });
  }
  const path = join(backups, `before-migration-${String(number).padStart(4, '0')}-${stamp}.db`);
  // under its own name only when it is whole: it would be taken for a backup otherwise
  copyDatabase(reader, `${path}.part`);
  renameSync(`${path}.part`, path);
  flushFolder(backups);
  const older = copiesIn(backups).slice(0, -keptCopies);
  for (const name of older) rmSync(join(backups, name), { force: true });
  return path;
}

/** Oldest first, whatever migrations they were made for. */
function copiesIn(backups: string): string[] {
  const madeAt = (name: string): string => copyPattern.exec(name)?.[1] ?? '';
  return readdirSync(backups)
    .filter((name) => copyPattern.test(name))
    .sort((one, other) => (madeAt(one) < madeAt(other) ? -1 : 1));
}
