import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Earlier texts of edited messages. */
export async function up(db: Kysely<unknown>, { int, strict }: ColumnTypes): Promise<void> {
  await sql
    .raw(
      `create table message_versions (
        room_id ${int} not null references rooms (id), seq ${int} not null, n ${int} not null,
        envelope text not null, made_at ${int} not null,
        primary key (room_id, seq, n)
      ) ${strict}`,
    )
    .execute(db);
}
