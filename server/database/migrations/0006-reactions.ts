import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Reactions: what each person sealed. Who reacted travels with the message as well. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

const statements = ({ id, int, strict }: ColumnTypes): string[] => [
  `create table reactions (
    id ${id}, room_id ${int} not null, seq ${int} not null, user_id ${int} not null references users (id),
    token text not null, sealed text not null,
    unique (room_id, seq, token, user_id),
    foreign key (room_id, seq) references messages (room_id, seq)
  ) ${strict}`,
  `create index reactions_user on reactions (user_id)`,
];
