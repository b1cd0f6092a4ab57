import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/**
 * A wrap is for one version of a person's identity, so that a new one gets keys beside those of the old one. `giver_id` is who
 * shared it, null for the maker of the epoch. `bad_wraps` counts what did not open, by giver.
 */
export async function up(db: Kysely<unknown>, { int, strict }: ColumnTypes): Promise<void> {
  for (const statement of [
    `create table wraps_by_version (
      room_id ${int} not null, user_id ${int} not null references users (id), epoch ${int} not null,
      version ${int} not null default 1, wrap text not null, giver_id ${int} references users (id),
      primary key (room_id, user_id, epoch, version),
      foreign key (room_id, epoch) references epochs (room_id, epoch)
    ) ${strict}`,
    // until now there were no other versions
    `insert into wraps_by_version (room_id, user_id, epoch, version, wrap, giver_id)
      select room_id, user_id, epoch, 1, wrap, null from wraps`,
    `drop table wraps`,
    `alter table wraps_by_version rename to wraps`,
    `create index wraps_user on wraps (user_id)`,
    `create index wraps_epoch on wraps (room_id, epoch)`,
    `create index wraps_giver on wraps (giver_id) where giver_id is not null`,
    `create table bad_wraps (
      room_id ${int} not null references rooms (id), user_id ${int} not null references users (id),
      epoch ${int} not null, version ${int} not null, giver_id ${int} not null references users (id),
      times ${int} not null,
      primary key (room_id, user_id, epoch, version, giver_id)
    ) ${strict}`,
    `create index bad_wraps_user on bad_wraps (user_id)`,
    `create index bad_wraps_giver on bad_wraps (giver_id)`,
  ]) {
    await sql.raw(statement).execute(db);
  }
}
