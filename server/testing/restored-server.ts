/** A backup of a test server's data, and a server that it was restored on, as an administrator does it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseName } from '../database/database-file.ts';
import { migrations } from '../database/migrations/index.ts';
import { stageRestore } from '../database/restore.ts';

/** Copies the database of a stopped server; gives the copy's path. */
export function copyStopped(dataDir: string): string {
  const copy = path.join(dataDir, 'yesterday.copy');
  copyFileSync(path.join(dataDir, databaseName), copy);
  return copy;
}

/** The next start of a server on this folder finds the backup in the place of its database. */
export const restoreCopy = (dataDir: string, source: string): Promise<void> =>
  stageRestore({
    source,
    folder: dataDir,
    mark: { backup: path.basename(source), at: Date.now(), by: 'cli' },
    migrations,
  });

/** A data folder for a server, and how to remove it. */
export function createDataFolder(): { dataDir: string; remove: () => void } {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-restored-'));
  return { dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}
