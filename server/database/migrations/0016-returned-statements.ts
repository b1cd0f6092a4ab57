import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/**
 * Statements that records of a room named and that a restore took away, as a member gave them back. Apart from `identities`,
 * which hold only what people published themselves, and by fingerprint: nobody's word takes the place of another's.
 */
export async function up(db: Kysely<unknown>, { int, strict }: ColumnTypes): Promise<void> {
  await sql
    .raw(
      `create table returned_statements (
        user_id ${int} not null references users (id), version ${int} not null, fp text not null,
        statement text not null, signature text not null, created_at ${int} not null,
        primary key (user_id, version, fp)
      ) ${strict}`,
    )
    .execute(db);
}
