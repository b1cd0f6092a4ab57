/** Makes sure, before anything is opened, that a folder can hold the data, and takes it for this server. */
import { mkdirSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { lockFolder } from './lock-file.ts';
import type { FolderLock } from './lock-file.ts';
import { networkDrive } from './network-drive.ts';
import { assertNodeVersion } from './open-sqlite.ts';
import { isDiskFull } from './sqlite-errors.ts';
import { syncProgram } from './synced-folder.ts';

/** With less than this the first checkpoint could fail; at run time a full disk is a refusal that heals. */
const leastFreeBytes = 32 * 1024 * 1024;

export type DataFolderOptions = { path: string; now: number; leastFreeBytes?: number };

/**
 * Creates the folder (for its owner only) if need be, checks it and locks it. Throws WRONG_NODE, DATA_DIR_SYNCED,
 * DATA_DIR_NOT_WRITABLE, DATA_DIR_ON_NETWORK, DISK_FULL or DATA_DIR_IN_USE.
 */
export async function prepareDataFolder(options: DataFolderOptions): Promise<FolderLock> {
  const { path, now } = options;
  assertNodeVersion();
  // Before it is created: a refusal should leave nothing in somebody's cloud.
  assertNotSynced(path, path);
  createFolder(path);
  assertNotSynced(path, realpathSync.native(path));
  const drive = networkDrive(path);
  if (drive !== undefined) throw new StartupError('DATA_DIR_ON_NETWORK', { path, reason: drive });
  assertSpace(path, options.leastFreeBytes ?? leastFreeBytes);
  assertWritable(path);
  return lockFolder(path, now);
}

function assertNotSynced(path: string, place: string): void {
  const program = syncProgram(place);
  if (program !== undefined) throw new StartupError('DATA_DIR_SYNCED', { path, program });
}

function refusal(path: string, error: unknown): StartupError {
  if (isDiskFull(error)) return new StartupError('DISK_FULL', { path }, { cause: error });
  return new StartupError('DATA_DIR_NOT_WRITABLE', { path, reason: String(error) }, { cause: error });
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw refusal(path, error);
  }
}

/** Writes and removes a file: permissions alone do not tell (read-only mounts, access lists, quotas). */
function assertWritable(path: string): void {
  const probe = join(path, `.maru-probe-${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(64 * 1024));
  } catch (error) {
    throw refusal(path, error);
  } finally {
    rmSync(probe, { force: true });
  }
}

function assertSpace(path: string, leastBytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  const freeBytes = bavail * bsize;
  if (freeBytes < leastBytes)
    throw new StartupError('DISK_FULL', { path, freeBytes, neededBytes: leastBytes });
}
