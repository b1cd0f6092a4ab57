import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/**
 * Accounts that wait for approval or are disabled, the groups they left then, invitations, and why somebody is to be let
 * into a room. A waiting account is a disabled one with `is_pending`: everything that asks for accounts in use passes it by.
 */
export async function up(db: Kysely<unknown>, { id, int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `alter table users add column is_pending ${int} not null default 0 check (is_pending in (0, 1))`,
    `alter table users add column state_since ${int}`,
    `alter table join_requests add column origin text not null default 'asked'
      check (origin in ('asked', 'approved', 'again'))`,
    `create table former_rooms (
      user_id ${int} not null references users (id), room_id ${int} not null references rooms (id),
      left_at ${int} not null, primary key (user_id, room_id)
    ) ${strict}`,
    `create index former_rooms_room on former_rooms (room_id)`,
    `create table invitations (
      id ${id}, uid text not null unique, code_hash text not null unique, note text not null,
      uses_max ${int} not null, uses ${int} not null default 0 check (uses <= uses_max),
      created_at ${int} not null, ends_at ${int} not null, revoked_at ${int},
      maker_id ${int} references users (id)
    ) ${strict}`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
