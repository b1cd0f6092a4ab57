/** Opens the database of a data folder: checks, migrations, the write queue, the read handle, checkpoints. */
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../app-error.ts';
import { StartupError } from '../startup-error.ts';
import type { BackupFacts } from './backup-file.ts';
import { createCheckpoints } from './checkpoints.ts';
import type { LogBounds } from './checkpoints.ts';
import { databaseName, inspectDatabase, setAside } from './database-file.ts';
import type { Reader } from './database-handles.ts';
import { createDatabaseWorker, WorkerJobError } from './database-worker.ts';
import { createFlushHistogram } from './flush-histogram.ts';
import type { FlushStats } from './flush-histogram.ts';
import { createReader, createTransactions, createWriter } from './kysely-sqlite.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { migrations as productMigrations } from './migrations/index.ts';
import { openReader, openWriter } from './open-sqlite.ts';
import type { ReaderConnection, WriterConnection } from './open-sqlite.ts';
import type { RestoreMark } from './restore.ts';
import { isCorrupt, isDiskFull } from './sqlite-errors.ts';
import type { Tables } from './tables.ts';
import { createUnitScope } from './unit-scope.ts';
import { createWalFlush, syncFolder } from './wal-flush.ts';
import type { QuickCheckResult, WorkerJob } from './worker-messages.ts';
import { createWriteQueue } from './write-queue.ts';
import type { WriteQueue } from './write-queue.ts';

export type DatabaseOptions<Event> = {
  /** The data folder, prepared by `prepareDataFolder`. */
  folder: string;
  /** Recorded with each migration, so that an older program can say what wrote the database. */
  appVersion: string;
  /** Gets the events of every flushed unit, in commit order. Must not throw; what it throws is reported as a bug. */
  onDurable: (events: readonly Event[]) => void;
  /** The disk failed a flush: stop the server and tell the administrator. Called once. */
  onFatal: (error: unknown) => void;
  /** A failure that the database survives (a checkpoint that has to be repeated, a listener that threw). */
  onBug: (error: unknown) => void;
  /** A corrupt database is moved aside, with its log, and an empty one begun. Without it: DATABASE_CORRUPT. */
  startEmpty?: boolean;
  /** Where `checkpoint-worker` is: the default fits the source tree and a bundle that puts it beside `cli.js`. */
  workerEntry?: URL;
  /** Milliseconds since 1970, for names of copies and the record of migrations. */
  now?: () => number;
  /** The product's migrations unless a test brings its own. */
  migrations?: readonly Migration[];
  /** The product's bounds of the log unless a test brings its own. */
  logBounds?: LogBounds;
  /** For tests of the power cut: told the length of the log that each flush covers (0 after a restart of the log). */
  onFlushed?: (walBytes: number) => void;
  /** The call that forces the log to the disk; a test brings one that fails or waits. */
  syncLog?: (log: FileHandle) => Promise<void>;
};

export type DatabaseStats = {
  /** The part of the log that is in use, not the size of its file. */
  walBytes: number;
  databaseBytes: number;
  pendingUnits: number;
  isDiskFull: boolean;
  flush: FlushStats;
};

export type Database<Event, Schema = Tables> = {
  /** See `WriteQueue.write`. */
  write: WriteQueue<Schema, Event>['write'];
  /** Selects on a connection of their own, which never sees an open unit. Await `settled()` before answering. */
  read: Reader<Schema>;
  /** See `WriteQueue.settled`: the gateways await it between a handler's reads and its answer. */
  settled: WriteQueue<Schema, Event>['settled'];
  stats: () => DatabaseStats;
  /** Moves the log into the database and begins it anew. Rejects if a reader holds it up for too long. */
  checkpointNow: () => Promise<void>;
  /**
   * Writes a consistent, compact copy to `path`, which must not exist; the copy is on the disk when this resolves. With
   * facts it is a backup: checked, and complete without any other file. Rejects with DISK_FULL, or the code BACKUP_DAMAGED.
   */
  backupTo: (path: string, facts?: BackupFacts) => Promise<void>;
  /**
   * Checks a backup and lays a copy of it ready for the next start; see `restore.ts`. Rejects with DISK_FULL, or the codes
   * BACKUP_NOT_FOUND, BACKUP_DAMAGED and DATABASE_FROM_FUTURE.
   */
  stageRestore: (source: string, mark: RestoreMark) => Promise<void>;
  /** Reads the whole database for damage, in a worker. Call it once the server listens. */
  quickCheck: () => Promise<QuickCheckResult>;
  /** Finishes what was accepted, then closes. */
  close: () => Promise<void>;
};

/**
 * Opens, or creates and migrates, the database in `folder`. Throws a StartupError: WRONG_NODE, SQLITE_TOO_OLD,
 * DATABASE_CORRUPT, DATABASE_FROM_FUTURE, MIGRATION_FAILED, DISK_FULL or DATA_DIR_NOT_WRITABLE.
 */
export async function openDatabase<Event, Schema = Tables>(
  options: DatabaseOptions<Event>,
): Promise<Database<Event, Schema>> {
  const path = join(options.folder, databaseName);
  const writer = await openSound(options);
  const reader = await openReader(path).catch((error: unknown) => {
    writer.sqlite.close();
    throw error;
  });
  await syncFolder(options.folder);
  const sizes = createSizes(reader);
  const histogram = createFlushHistogram();
  const scope = createUnitScope();
  const walFlush = createWalFlush({
    databasePath: path,
    walBytes: sizes.walBytes,
    histogram,
    onFlushed: options.onFlushed,
    sync: options.syncLog,
  });
  const queue = createWriteQueue<Schema, Event>({
    db: createWriter(writer, scope),
    transactions: createTransactions(writer),
    scope,
    flush: walFlush.flush,
    onCommitted: () => checkpoints.onCommitted(),
    onDurable: options.onDurable,
    onFatal: options.onFatal,
    onBug: options.onBug,
  });
  const worker = createDatabaseWorker(path, options.workerEntry);
  const checkpoints = createCheckpoints({
    worker,
    queue,
    walBytes: sizes.walBytes,
    onRestarted: () => options.onFlushed?.(0),
    onFatal: queue.fail,
    onBug: options.onBug,
    bounds: options.logBounds,
  });
  const longJobs = createLongJobs(path, options.workerEntry);
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    const written = queue.close();
    await checkpoints.close();
    await written;
    await longJobs.close();
    await worker.close();
    // Before the database: its last connection deletes the log.
    await walFlush.close();
    reader.sqlite.close();
    writer.sqlite.close();
  }

  return {
    write: queue.write,
    read: createReader<Schema>(reader, scope),
    settled: queue.settled,
    stats: () => ({
      walBytes: sizes.walBytes(),
      databaseBytes: sizes.databaseBytes(),
      pendingUnits: queue.pendingUnits(),
      isDiskFull: queue.isDiskFull(),
      flush: histogram.stats(),
    }),
    checkpointNow: checkpoints.checkpointNow,
    async backupTo(target, facts) {
      await longJobs.run(
        facts === undefined ? { kind: 'backup', path: target } : { kind: 'backup', path: target, facts },
      );
    },
    async stageRestore(source, mark) {
      await longJobs.run({ kind: 'stage-restore', source, mark });
    },
    async quickCheck() {
      const { quickCheck } = await longJobs.run({ kind: 'quick-check' });
      return quickCheck ?? { isSound: false, problems: ['no result'] };
    },
    close: () => (closing ??= close()),
  };
}

/** Inspects, opens and migrates; with `startEmpty` a corrupt database makes room for a new one. */
async function openSound<Event>(options: DatabaseOptions<Event>): Promise<WriterConnection> {
  const now = options.now ?? Date.now;
  try {
    return await openMigrated(options, now());
  } catch (error) {
    const isDamaged = error instanceof StartupError && error.code === 'DATABASE_CORRUPT';
    if (!isDamaged || !options.startEmpty) throw error;
    setAside(options.folder, now());
    return openMigrated(options, now());
  }
}

async function openMigrated<Event>(options: DatabaseOptions<Event>, now: number): Promise<WriterConnection> {
  const { folder, appVersion, migrations = productMigrations } = options;
  const path = join(folder, databaseName);
  const backupPath = await inspectDatabase({ folder, migrations, now });
  let writer: WriterConnection | undefined;
  try {
    writer = await openWriter(path);
    await migrate(writer, { migrations, appVersion, now, backupPath });
    return writer;
  } catch (error) {
    writer?.sqlite.close();
    if (error instanceof StartupError) throw error;
    const reason = String(error);
    if (isCorrupt(error)) throw new StartupError('DATABASE_CORRUPT', { path, reason }, { cause: error });
    if (isDiskFull(error)) throw new StartupError('DISK_FULL', { path: folder }, { cause: error });
    throw new StartupError('DATA_DIR_NOT_WRITABLE', { path: folder, reason }, { cause: error });
  }
}

type Sizes = { walBytes: () => number; databaseBytes: () => number };

/** Sizes as SQLite knows them: the files' sizes say less, since the log's file is reused from its start. */
function createSizes({ sqlite }: ReaderConnection): Sizes {
  const logState = sqlite.prepare('pragma wal_checkpoint(noop)');
  const pageCount = sqlite.prepare('pragma page_count').pluck();
  const pageBytes = Number(sqlite.pragma('page_size', { simple: true }));
  return {
    walBytes() {
      const { log } = logState.get() as { log: number }; // the documented columns: busy, log, checkpointed
      return log > 0 ? 32 + log * (pageBytes + 24) : 0;
    },
    databaseBytes: () => Number(pageCount.get()) * pageBytes,
  };
}

/** Jobs that may take long run in a thread each, so that checkpoints go on meanwhile. */
function createLongJobs(path: string, entry: URL | undefined) {
  const running = new Set<Promise<unknown>>();
  async function run(job: WorkerJob) {
    const worker = createDatabaseWorker(path, entry);
    try {
      return await worker.run(job);
    } catch (error) {
      const isFull = isDiskFull(error) || (error instanceof WorkerJobError && error.code === 'DISK_FULL');
      throw isFull ? new AppError('DISK_FULL') : error;
    } finally {
      await worker.close();
    }
  }
  return {
    run(job: WorkerJob) {
      const result = run(job);
      running.add(result);
      const forget = (): void => void running.delete(result);
      result.then(forget, forget);
      return result;
    },
    async close() {
      await Promise.allSettled(running);
    },
  };
}
