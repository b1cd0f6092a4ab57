/** A database of its own, without a server around it, for tests of stores. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../database/open-database.ts';
import type { Database } from '../database/open-database.ts';
import type { Delivery } from '../gateway/delivery.ts';

export type TestDatabase = { database: Database<Delivery>; close: () => Promise<void> };

/** Opens an empty, migrated database in a temporary folder; `close` removes it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'maru-database-'));
  const fail = (error: unknown): void => {
    throw error;
  };
  const database = await openDatabase<Delivery>({
    folder,
    appVersion: '0.0.0',
    onDurable: () => undefined,
    onFatal: fail,
    onBug: fail,
  });
  return {
    database,
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
