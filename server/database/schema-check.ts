/**
 * Is a copy's content what its number of migrations says? A database of another program, or one that somebody has worked
 * on, would be found out only after it took the place of the present one.
 */
import type Sqlite from 'better-sqlite3';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { openMemory } from './open-sqlite.ts';

/**
 * What a database with these migrations must have and this one has not, or has and must not have; undefined if it is as it
 * should be. Tables of SQLite's own and columns too many are passed over.
 */
export async function schemaDifference(
  sqlite: Sqlite.Database,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  const model = await openMemory();
  try {
    await migrate(model, { migrations, appVersion: '', now: 0 });
    const present = new Set(columnsOf(sqlite));
    const missing = columnsOf(model.sqlite).find((column) => !present.has(column));
    if (missing !== undefined) return `${missing} is missing`;
    // a trigger would act on what is written from then on
    const known = new Set(programsOf(model.sqlite));
    const strange = programsOf(sqlite).find((name) => !known.has(name));
    return strange === undefined ? undefined : `${strange} does not belong there`;
  } finally {
    model.sqlite.close();
  }
}

/** `table.column` of every table. */
const columnsOf = (sqlite: Sqlite.Database): string[] =>
  sqlite
    .prepare(
      `select m.name || '.' || c.name from sqlite_schema m join pragma_table_info(m.name) c
       where m.type = 'table' and m.name not like 'sqlite_%'`,
    )
    .pluck()
    .all()
    .map(String);

/** Triggers and views, with what they do. */
const programsOf = (sqlite: Sqlite.Database): string[] =>
  sqlite
    .prepare(`select type || ' ' || name || ': ' || sql from sqlite_schema where type in ('trigger', 'view')`)
    .pluck()
    .all()
    .map(String);
