/**
 * Forces the write-ahead log to the disk without stopping the event loop: one `fdatasync` on libuv's thread pool covers
 * every commit written so far. On macOS libuv issues F_FULLFSYNC for it, on Windows FlushFileBuffers, which wants a
 * handle that may write.
 *
 * Only the log and the folder may be opened here. Closing any descriptor of the database or its shared memory would drop
 * the locks that SQLite holds on them in this process.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FlushHistogram } from './flush-histogram.ts';

export type WalFlushDeps = {
  databasePath: string;
  /** Bytes of the log that are in use now. */
  walBytes: () => number;
  histogram: FlushHistogram;
  /** For tests: told how much of the log is known to be on the disk. */
  onFlushed?: (walBytes: number) => void;
  /** The call that reaches the disk; a test replaces it by one that fails. */
  sync?: (log: FileHandle) => Promise<void>;
};

export type WalFlush = {
  /** Resolves when every commit made before the call is on the disk; rejects if the disk refuses, which is final. */
  flush: () => Promise<void>;
  /** Closes the log. Before the database, which deletes it. */
  close: () => Promise<void>;
};

/** Forces a folder's entries to the disk, so that a file created in it survives a power cut. Windows cannot and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Some file systems know no such thing (EINVAL, ENOTSUP); a disk that fails is found out by the log's own flush.
    if (error instanceof Error && 'code' in error && error.code === 'EIO') throw error;
  } finally {
    await folder.close();
  }
}

/** A flush over the log of one database. The log is opened once, at the first flush: before the first write it may not exist. */
export function createWalFlush(deps: WalFlushDeps): WalFlush {
  const { databasePath, histogram, walBytes, onFlushed } = deps;
  const sync = deps.sync ?? ((log) => log.datasync());
  let opening: Promise<FileHandle> | undefined;

  async function openLog(): Promise<FileHandle> {
    const log = await open(`${databasePath}-wal`, 'r+');
    await syncFolder(dirname(databasePath));
    return log;
  }

  return {
    async flush() {
      const coveredBytes = onFlushed === undefined ? 0 : walBytes();
      const startedAt = performance.now();
      opening ??= openLog();
      await sync(await opening);
      histogram.add(performance.now() - startedAt);
      onFlushed?.(coveredBytes);
    },
    async close() {
      const log = await opening?.catch(() => undefined);
      await log?.close();
    },
  };
}
