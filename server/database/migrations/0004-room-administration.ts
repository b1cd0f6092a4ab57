import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** What a group shows of itself, who may do what in it, requests to join, and its part of the audit log. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
  await fillRoomColumn(db);
}

const whoMay = (column: string): string =>
  `alter table rooms add column ${column} text not null default 'everyone' check (${column} in ('everyone', 'admins'))`;

const statements = ({ int, strict }: ColumnTypes): string[] => [
  `alter table rooms add column description text not null default ''`,
  `alter table rooms add column picture_hash text`,
  whoMay('invite_policy'),
  whoMay('post_policy'),
  whoMay('mention_policy'),
  `alter table rooms add column is_listed ${int} not null default 0 check (is_listed in (0, 1))`,
  `alter table rooms add column history_epoch ${int} not null default 1`,
  `create index rooms_listed on rooms (is_listed, title)`,
  `alter table members add column is_admin ${int} not null default 0 check (is_admin in (0, 1))`,
  `create table room_pictures (
    room_id ${int} primary key references rooms (id), media_type text not null, bytes text not null
  ) ${strict}`,
  `create table join_requests (
    room_id ${int} not null references rooms (id), user_id ${int} not null references users (id),
    state text not null check (state in ('pending', 'declined')), asked_at ${int} not null, answered_at ${int},
    primary key (room_id, user_id)
  ) ${strict}`,
  `create index join_requests_user on join_requests (user_id)`,
  `alter table audit_log add column room_uid text`,
  `create index audit_log_room on audit_log (room_uid, id)`,
];

/** Entries about rooms were told apart by their details or subject alone. */
async function fillRoomColumn(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: number; action: string; subject: string; details: string }>`
    select id, action, subject, details from audit_log where action in ('member-kicked', 'room-given-back')
  `.execute(db);
  for (const { id, action, subject, details } of rows) {
    // written by this program: an object of texts
    const { roomUid } = JSON.parse(details) as { roomUid?: string };
    const room = action === 'room-given-back' ? subject : roomUid;
    if (room !== undefined) await sql`update audit_log set room_uid = ${room} where id = ${id}`.execute(db);
  }
}
