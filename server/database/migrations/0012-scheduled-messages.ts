import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Messages that wait for their time. */
export async function up(db: Kysely<unknown>, { int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `create table scheduled_messages (
      user_id ${int} not null references users (id), client_id text not null,
      room_id ${int} not null references rooms (id), target text, envelope text not null, mentions text,
      deliver_at ${int} not null,
      state text not null check (state in ('waiting', 'needs-reseal', 'failed')), reason text,
      primary key (user_id, client_id)
    ) ${strict}`,
    `create index scheduled_messages_due on scheduled_messages (state, deliver_at)`,
    `create index scheduled_messages_room on scheduled_messages (room_id)`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
