/** The data folder and the database, from the first look at the folder to a database that may be used. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StartOptions } from './cli/running-server.ts';
import type { Config } from './config.ts';
import { scheduleDatabaseCheck } from './database-check.ts';
import { prepareDataFolder } from './database/data-folder.ts';
import { databaseName } from './database/database-file.ts';
import { openDatabase } from './database/open-database.ts';
import type { Database, DatabaseOptions } from './database/open-database.ts';
import { setRestoreInPlace } from './database/restore.ts';
import type { Delivery } from './gateway/delivery.ts';
import type { Log } from './logger.ts';
import { loadServerSecret, secretPath } from './server-secret.ts';
import { finishRestore } from './start-admin.ts';

/** What a start that fails takes back, in reverse order. */
export type Undo = (() => unknown)[];

type Folder = { release: () => void; secret: Uint8Array };

/** Locks the folder, puts a restore that waits in it in place, and reads the server's secret. Throws StartupError. */
export async function takeDataFolder(
  { config, onDataFolderReady }: Pick<StartOptions, 'config' | 'onDataFolderReady'>,
  { now, log, undo }: { now: number; log: Log; undo: Undo },
): Promise<Folder> {
  const folder = config.dataDir;
  const lock = await prepareDataFolder({ path: folder, now });
  const release = (): void => lock.release();
  undo.push(release);
  await onDataFolderReady();
  const restored = setRestoreInPlace({ folder, secretFile: secretPath(folder) });
  if (restored !== undefined) log.warn('a backup was set in place of the database', restored);
  const hasDatabase = existsSync(path.join(folder, databaseName));
  return { release, secret: loadServerSecret({ dataDir: folder, hasDatabase, randomBytes }) };
}

type StorageDeps = Omit<DatabaseOptions<Delivery>, 'folder' | 'startEmpty'> & {
  config: Config;
  log: Log;
  undo: Undo;
};

export type Storage = {
  database: Database<Delivery>;
  check: ReturnType<typeof scheduleDatabaseCheck>;
  /** What is wrong with it at the moment, as codes. */
  problems: () => string[];
};

/** Opens the database, completes a restore, and begins to look for damage. Throws StartupError. */
export async function openStorage({ config, log, undo, ...options }: StorageDeps): Promise<Storage> {
  const database = await openDatabase<Delivery>({
    ...options,
    folder: config.dataDir,
    startEmpty: config.startEmpty,
  });
  undo.push(database.close);
  const backup = await finishRestore(database);
  if (backup !== null) log.warn('the restore is complete: everybody signs in anew', { backup });
  const check = scheduleDatabaseCheck({
    quickCheck: database.quickCheck,
    onDamage: (problems) => log.error('the database is damaged: restore a backup', { problems }),
    onBug: options.onBug,
  });
  undo.push(check.stop);
  const problems = (): string[] => [
    ...(database.stats().isDiskFull ? ['DISK_FULL'] : []),
    ...(check.isDamaged() ? ['DATABASE_CORRUPT'] : []),
  ];
  return { database, check, problems };
}
