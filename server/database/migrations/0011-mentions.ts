import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Who is called by name in which message; nobody in particular (null) stands for everybody. */
export async function up(db: Kysely<unknown>, { id, int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `create table mentions (
      id ${id}, room_id ${int} not null references rooms (id), seq ${int} not null,
      user_id ${int} references users (id), sent_at ${int} not null,
      unique (room_id, seq, user_id)
    ) ${strict}`,
    `create index mentions_user on mentions (user_id, sent_at)`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
