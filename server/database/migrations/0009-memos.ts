import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/** Memos: what was sealed once, and what became of it at each reader. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

const statements = ({ id, int, strict }: ColumnTypes): string[] => [
  `create table memos (
    id ${id}, uid text not null unique, sender_id ${int} not null references users (id),
    sender_key text not null, readers_hash text not null, body text, sender_wrap text,
    made_at ${int} not null, deliver_at ${int}, sent_at ${int}, recalled_at ${int},
    is_deleted ${int} not null default 0 check (is_deleted in (0, 1))
  ) ${strict}`,
  `create index memos_sender on memos (sender_id, sent_at)`,
  `create index memos_due on memos (deliver_at)`,
  `create table memo_readers (
    memo_id ${int} not null references memos (id), user_id ${int} not null references users (id),
    key text not null, wrap text, sent_at ${int}, read_at ${int}, recalled_at ${int},
    is_deleted ${int} not null default 0 check (is_deleted in (0, 1)),
    primary key (memo_id, user_id)
  ) ${strict}`,
  `create index memo_readers_inbox on memo_readers (user_id, sent_at)`,
  // counted for every reader of every memo that goes out, and at every sync
  `create index memo_readers_unread on memo_readers (user_id, is_deleted)
    where sent_at is not null and read_at is null and recalled_at is null`,
];
