import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Messages that change after they were sent: edited, recalled, and with parts that travel with their row. */
export async function up(db: Kysely<unknown>, { int }: ColumnTypes): Promise<void> {
  await sql.raw('alter table messages add column parts text').execute(db);
  await sql.raw(`alter table messages add column recalled_at ${int}`).execute(db);
}
