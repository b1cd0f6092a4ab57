import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/**
 * A wrap that was reported as bad is kept beside the others instead of being thrown away: whoever reports may be wrong, or be
 * somebody else with that person's session. Of those reported until now only the number is known. And items that are gone may be
 * forgotten.
 */
export async function up(db: Kysely<unknown>, { id, int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `create table wraps_put_aside (
      id ${id}, room_id ${int} not null references rooms (id), user_id ${int} not null references users (id),
      epoch ${int} not null, version ${int} not null, giver_id ${int} references users (id), wrap text
    ) ${strict}`,
    ...[1, 2].map(
      (times) =>
        `insert into wraps_put_aside (room_id, user_id, epoch, version, giver_id)
          select room_id, user_id, epoch, version, giver_id from bad_wraps where times >= ${times}`,
    ),
    `drop table bad_wraps`,
    `create index wraps_put_aside_slot on wraps_put_aside (room_id, user_id, epoch, version)`,
    `create index wraps_put_aside_user on wraps_put_aside (user_id)`,
    `alter table users add column items_forgotten_rev ${int} not null default 0`,
    `create index user_items_gone on user_items (user_id, rev) where value is null`,
    `create index wraps_put_aside_giver on wraps_put_aside (giver_id) where giver_id is not null`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
