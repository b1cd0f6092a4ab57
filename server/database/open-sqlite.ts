/**
 * The only file that loads better-sqlite3 and opens connections. Its native part crashes the process on an old Node, so
 * the version is checked before the import, which is dynamic for that reason.
 */
import type Sqlite from 'better-sqlite3';
import { StartupError } from '../startup-error.ts';

/** The one connection that writes. */
export type WriterConnection = { readonly kind: 'writer'; readonly sqlite: Sqlite.Database };

/** A connection that cannot write. It sees commits only, never the writer's open transaction. */
export type ReaderConnection = { readonly kind: 'reader'; readonly sqlite: Sqlite.Database };

const oldestNode = '22.18.0';

/** 3.7.0 to 3.51.2 can corrupt a database when two connections write and checkpoint at one moment. */
const oldestSqlite = '3.51.3';

/** How long a statement waits for another program's lock (a maintenance shell). Our own connections never hold one. */
const busyTimeoutMs = 2000;

const isOlder = (version: string, than: string): boolean =>
  version.localeCompare(than, 'en', { numeric: true }) < 0;

/** Throws WRONG_NODE on a Node that cannot run the database driver. */
export function assertNodeVersion(version = process.versions.node): void {
  if (isOlder(version, oldestNode)) throw new StartupError('WRONG_NODE', { version, expected: oldestNode });
}

/** Throws SQLITE_TOO_OLD for a SQLite with the write-ahead log's race. */
export function assertSqliteVersion(version: string): void {
  if (isOlder(version, oldestSqlite))
    throw new StartupError('SQLITE_TOO_OLD', { version, expected: oldestSqlite });
}

async function connect(path: string, options: Sqlite.Options): Promise<Sqlite.Database> {
  assertNodeVersion();
  const { default: Driver } = await import('better-sqlite3');
  const sqlite = new Driver(path, { timeout: busyTimeoutMs, ...options });
  try {
    assertSqliteVersion(String(sqlite.prepare('select sqlite_version()').pluck().get()));
    sqlite.pragma('foreign_keys = on');
    sqlite.pragma('trusted_schema = off');
    sqlite.pragma('temp_store = memory');
    // A mapped page that the disk cannot deliver kills the process instead of failing a query.
    sqlite.pragma('mmap_size = 0');
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/**
 * Opens (or creates) the database for writing. Reads `journal_mode` back, because a file system without shared memory
 * silently keeps another one, and then two connections would not be safe.
 */
export async function openWriter(path: string): Promise<WriterConnection> {
  const sqlite = await connect(path, {});
  try {
    const mode = sqlite.pragma('journal_mode = wal', { simple: true });
    if (mode !== 'wal') {
      throw new StartupError('DATA_DIR_ON_NETWORK', { path, reason: `journal_mode is ${String(mode)}` });
    }
    sqlite.pragma('synchronous = normal');
    // Checkpoints are the worker's: one on this connection would stop the event loop for the length of two fsyncs.
    sqlite.pragma('wal_autocheckpoint = 0');
    // Only macOS knows a difference: its plain fsync leaves the pages in the drive's cache.
    sqlite.pragma('fullfsync = on');
    sqlite.pragma('checkpoint_fullfsync = on');
    return { kind: 'writer', sqlite };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** An empty database that lives in memory and nowhere else. */
export async function openMemory(): Promise<WriterConnection> {
  return { kind: 'writer', sqlite: await connect(':memory:', {}) };
}

/** Opens an existing database for reading. */
export async function openReader(path: string): Promise<ReaderConnection> {
  return { kind: 'reader', sqlite: await connect(path, { readonly: true, fileMustExist: true }) };
}

/** A copy that nobody else uses: one file, without a log, and every change on the disk when it is made. */
export type CopyConnection = { readonly kind: 'copy'; readonly sqlite: Sqlite.Database };

/** Opens a copy for checking and marking. One that came with a log takes it in first. */
export async function openCopy(path: string): Promise<CopyConnection> {
  const sqlite = await connect(path, { fileMustExist: true });
  try {
    sqlite.pragma('journal_mode = delete');
    sqlite.pragma('synchronous = full');
    return { kind: 'copy', sqlite };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Opens a small file for nothing but its lock; see `lock-file.ts`. It must not wait, and it has no log. */
export const openLock = (path: string): Promise<Sqlite.Database> => connect(path, { timeout: 0 });
