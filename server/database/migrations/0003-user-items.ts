import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** What is one person's alone: settings of rooms, saved and hidden messages. */
export async function up(db: Kysely<unknown>, { int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `alter table users add column items_rev ${int} not null default 0`,
    `create table user_items (
      user_id ${int} not null references users (id), kind text not null, key text not null,
      room_id ${int} references rooms (id), value text, rev ${int} not null,
      primary key (user_id, kind, key)
    ) ${strict}`,
    `create index user_items_rev on user_items (user_id, rev)`,
    `create index user_items_room on user_items (room_id)`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
