import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Polls, one ballot per person in each, and when an open one closes. The totals travel with the message. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

const statements = ({ int, strict }: ColumnTypes): string[] => [
  `create table polls (
    room_id ${int} not null, seq ${int} not null, closes_at ${int},
    primary key (room_id, seq),
    foreign key (room_id, seq) references messages (room_id, seq)
  ) ${strict}`,
  `create index polls_closing on polls (closes_at)`,
  `create table poll_ballots (
    room_id ${int} not null, seq ${int} not null, voter_id ${int} not null references users (id),
    choices ${int} not null check (choices > 0),
    primary key (room_id, seq, voter_id),
    foreign key (room_id, seq) references polls (room_id, seq)
  ) ${strict}`,
  `create index poll_ballots_voter on poll_ballots (voter_id)`,
];
