import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Pins, notices, and who has acknowledged those. Who pinned and when travels with the message. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

const statements = ({ int, strict }: ColumnTypes): string[] => [
  `create table pins (
    room_id ${int} not null, seq ${int} not null,
    is_notice ${int} not null check (is_notice in (0, 1)), reminded_at ${int},
    primary key (room_id, seq),
    foreign key (room_id, seq) references messages (room_id, seq)
  ) ${strict}`,
  `create table notice_acks (
    room_id ${int} not null, seq ${int} not null, user_id ${int} not null references users (id),
    acknowledged_at ${int} not null,
    primary key (room_id, seq, user_id),
    foreign key (room_id, seq) references pins (room_id, seq)
  ) ${strict}`,
  `create index notice_acks_user on notice_acks (user_id)`,
];
