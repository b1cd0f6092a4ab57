/** A database of its own for a test, with one small table, and a disk that the test holds in its hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import type { Generated } from 'kysely';
import type { Migration } from '../migration.ts';
import { openDatabase } from '../open-database.ts';
import type { Database, DatabaseOptions } from '../open-database.ts';
import type { UnitWork } from '../write-queue.ts';

export type NoteTables = { notes: { id: Generated<number>; text: string } };

export const noteMigration: Migration = {
  number: 1,
  name: 'notes',
  async up(db, { id, strict }) {
    await sql.raw(`create table notes (id ${id}, text text not null unique) ${strict}`).execute(db);
  },
};

export type TestDatabase = {
  database: Database<string, NoteTables>;
  folder: string;
  /** What happened, in order: events as the database handed them over, and whatever the test adds. */
  happened: string[];
  bugs: unknown[];
  fatals: unknown[];
};

/** A folder that is gone after the test. */
export function createTestFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'maru-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a database that is closed after the test. */
export async function openTestDatabase(
  t: TestContext,
  options: Partial<DatabaseOptions<string>> = {},
): Promise<TestDatabase> {
  const folder = options.folder ?? createTestFolder(t);
  const happened: string[] = [];
  const bugs: unknown[] = [];
  const fatals: unknown[] = [];
  const database = await openDatabase<string, NoteTables>({
    folder,
    appVersion: '1.0.0',
    migrations: [noteMigration],
    onDurable: (events) => void happened.push(...events),
    onFatal: (error) => void fatals.push(error),
    onBug: (error) => void bugs.push(error),
    ...options,
  });
  t.after(() => database.close());
  return { database, folder, happened, bugs, fatals };
}

/** A unit that adds a note, and tells about it. */
export const addNote =
  (text: string): UnitWork<NoteTables, string, string> =>
  async ({ db }) => {
    await db.insertInto('notes').values({ text }).execute();
    return { value: text, events: [`event ${text}`] };
  };

/** All notes, in the order in which they were added. */
export async function listNotes({ read }: Database<string, NoteTables>): Promise<string[]> {
  const rows = await read.selectFrom('notes').select('text').orderBy('id').execute();
  return rows.map(({ text }) => text);
}

export type HeldDisk = {
  syncLog: (log: FileHandle) => Promise<void>;
  /** How many flushes have begun. */
  started: () => number;
  /** Resolves when the n-th flush has begun (counting from 1). */
  whenStarted: (count: number) => Promise<void>;
  /** Lets the oldest flush under way finish, or fail. */
  finish: (error?: Error) => void;
};

/** A disk that takes a flush only when the test says so. */
export function createHeldDisk(): HeldDisk {
  const under: PromiseWithResolvers<void>[] = [];
  const waiters: { count: number; tell: () => void }[] = [];
  let started = 0;
  return {
    syncLog() {
      started += 1;
      const flush = Promise.withResolvers<void>();
      under.push(flush);
      for (const { count, tell } of waiters) if (started >= count) tell();
      return flush.promise;
    },
    started: () => started,
    whenStarted: (count) =>
      new Promise((tell) => {
        if (started >= count) tell();
        else waiters.push({ count, tell });
      }),
    finish(error) {
      const flush = under.shift();
      if (flush === undefined) throw new Error('no flush is under way');
      if (error === undefined) flush.resolve();
      else flush.reject(error);
    },
  };
}
