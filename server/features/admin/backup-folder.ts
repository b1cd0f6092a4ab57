/** The backups folder: which copies there are, what a new one is called, and what the operating system says about it. */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { BackupFile } from '#contract/admin.ts';
import { AppError } from '../../app-error.ts';

export const backupFolder = (dataDir: string): string => path.join(dataDir, 'backups');

/** `maru-2026-11-20T08-52-07-123Z.db`: sorts by time, and every system takes it as a file name. */
export const backupName = (now: number): string =>
  `maru-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.db`;

/** The copies, newest first. Files of other kinds are none of our business. Throws BACKUP_FOLDER_UNUSABLE. */
export function listBackups(dataDir: string): BackupFile[] {
  const folder = backupFolder(dataDir);
  return inFolder(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder)
      .filter((name) => /^[A-Za-z0-9][A-Za-z0-9._-]*\.db$/.test(name) && name.length <= 200)
      .flatMap((name) => describe(folder, name))
      .sort((one, other) => other.at - one.at);
  });
}

/** Half a copy this old is nobody's any more; `maru backup` may be writing a younger one at this moment. */
const leftoverMs = 24 * 60 * 60_000;

/**
 * Removes what backups that were cut off have left: it is in no list, and as large as the database. Throws
 * BACKUP_FOLDER_UNUSABLE.
 */
export function removeLeftovers(dataDir: string, now: number): void {
  const folder = backupFolder(dataDir);
  inFolder(() => {
    for (const name of readdirSync(folder)) {
      if (!/^maru-.*\.db\.part(-journal)?$/.test(name)) continue;
      const file = path.join(folder, name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats !== undefined && stats.mtimeMs < now - leftoverMs) rmSync(file, { force: true });
    }
  });
}

/** Deletes a copy. Open in another program, or in a folder that may not be changed, it stays: throws BACKUP_IN_USE then. */
export async function removeBackup(dataDir: string, name: string): Promise<void> {
  try {
    await rm(path.join(backupFolder(dataDir), name), { force: true });
  } catch (error) {
    throw isSystemError(error, /^(EACCES|EBUSY|EPERM|EROFS)$/) ? new AppError('BACKUP_IN_USE') : error;
  }
}

/** A file in the folder's place, and a folder that may not be looked into or changed, are for a person to put right. */
function inFolder<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const isUnusable = isSystemError(error, /^(EACCES|EEXIST|ENOTDIR|EPERM|EROFS)$/);
    throw isUnusable ? new AppError('BACKUP_FOLDER_UNUSABLE') : error;
  }
}

const isSystemError = (error: unknown, codes: RegExp): boolean =>
  error instanceof Error && 'code' in error && codes.test(String(error.code));

function describe(folder: string, name: string): BackupFile[] {
  const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return [];
  const kind = name.startsWith('before-migration-') ? 'migration' : 'backup';
  return [{ name, sizeBytes: stats.size, at: Math.round(stats.mtimeMs), kind }];
}
