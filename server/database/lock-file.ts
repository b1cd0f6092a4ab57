/**
 * One server per data folder. The lock is SQLite's exclusive lock on an empty file, so it is the operating system that
 * holds it: a killed server leaves none behind, a process id that was given out again means nothing, two servers starting
 * at one moment cannot both get it, and it holds between containers, where process ids tell nothing. A second file says
 * who has the lock, for the message only.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { StartupError } from '../startup-error.ts';
import { openLock } from './open-sqlite.ts';
import { isBusy } from './sqlite-errors.ts';

export type FolderLock = { release(): void };

const lockName = 'maru.lock';
const holderName = 'maru.pid';

/** A lock whose connection was collected as garbage would be gone. */
const held = new Set<Sqlite.Database>();

function readHolder(folder: string): { pid?: number } {
  try {
    const pid = Number(readFileSync(join(folder, holderName), 'utf8').split('\n')[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0) return {};
    process.kill(pid, 0);
    return { pid };
  } catch {
    // Written a moment later, by a process that we may not signal, or in another container: the lock counts, not this.
    return {};
  }
}

/**
 * Takes the folder's lock for as long as this process lives, or until `release`. Throws DATA_DIR_IN_USE with the holder's
 * process id where it is known, DATA_DIR_NOT_WRITABLE if the lock's file cannot be made.
 */
export async function lockFolder(folder: string, now: number): Promise<FolderLock> {
  let lock: Sqlite.Database;
  try {
    lock = await openLock(join(folder, lockName));
  } catch (error) {
    throw refusal(folder, error);
  }
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw refusal(folder, error);
  }
  held.add(lock);
  writeFileSync(join(folder, holderName), `${process.pid}\n${new Date(now).toISOString()}\n`);
  return {
    release() {
      if (!held.delete(lock)) return;
      rmSync(join(folder, holderName), { force: true });
      lock.close();
    },
  };
}

function refusal(folder: string, error: unknown): unknown {
  if (error instanceof StartupError) return error;
  if (isBusy(error))
    return new StartupError('DATA_DIR_IN_USE', { path: folder, ...readHolder(folder) }, { cause: error });
  return new StartupError('DATA_DIR_NOT_WRITABLE', { path: folder, reason: String(error) }, { cause: error });
}
