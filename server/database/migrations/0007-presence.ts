import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** When people were last there, when their status ends, and the way from a room and a sender to what they sent. */
export async function up(db: Kysely<unknown>, { int }: ColumnTypes): Promise<void> {
  await sql.raw(`alter table users add column last_seen_at ${int}`).execute(db);
  await sql.raw(`alter table users add column status_until ${int}`).execute(db);
  await sql.raw('create index users_status_until on users (status_until)').execute(db);
  await sql.raw('create index messages_sender on messages (room_id, sender_id, seq)').execute(db);
}
