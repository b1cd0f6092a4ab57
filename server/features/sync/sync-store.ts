/** Reading what a reconnecting client lacks. A constant number of statements for a client that is current. */
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Read } from '../feature-types.ts';
import { personColumns } from '../person-row.ts';
import type { PersonRow } from '../person-row.ts';

const selectColleagues = compiledSelect<{ userId: number; since: number }>()((db, param) =>
  db
    .selectFrom('users')
    .select(personColumns)
    .where('users.directory_rev', '>', param('since'))
    .where((where) =>
      where.exists(
        where
          .selectFrom('members as theirs')
          .innerJoin('members as mine', 'mine.room_id', 'theirs.room_id')
          .select('theirs.user_id')
          .whereRef('theirs.user_id', '=', 'users.id')
          .where('mine.user_id', '=', param('userId')),
      ),
    ),
);

const selectAllColleagues = compiledSelect<{ userId: number }>()((db, param) =>
  db
    .selectFrom('users')
    .select(personColumns)
    .where('users.id', 'in', (where) =>
      where
        .selectFrom('members as mine')
        .innerJoin('members as theirs', 'theirs.room_id', 'mine.room_id')
        .select('theirs.user_id')
        .where('mine.user_id', '=', param('userId')),
    ),
);

/**
 * People who share a room with this person and whose profile changed after a revision of the directory. With 0, which is
 * before all of them, it is quicker to go from the rooms to the people than the other way round.
 */
export const changedColleagues = (db: Read, userId: number, since: number): Promise<PersonRow[]> =>
  since === 0 ? selectAllColleagues(db, { userId }) : selectColleagues(db, { userId, since });

/** People who joined one of these rooms after the revision that is known of it. */
export async function newMembers(
  db: Read,
  rooms: readonly { id: number; since: number }[],
): Promise<PersonRow[]> {
  if (rooms.length === 0) return [];
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(personColumns)
    .distinct()
    .where((where) =>
      where.or(
        rooms.map(({ id, since }) =>
          where.and([where('members.room_id', '=', id), where('members.joined_rev', '>', since)]),
        ),
      ),
    )
    .execute();
}

const selectVaultCounters = compiledSelect<{ userId: number }>()((db, param) =>
  db
    .selectFrom('vault_blobs')
    .select((select) => ['label', select.fn.max('counter').as('counter')])
    .where('user_id', '=', param('userId'))
    .groupBy('label'),
);

/** The counters of the newest vault blobs; 0 where there is none. */
export async function vaultCounters(db: Read, userId: number): Promise<{ keys: number; pins: number }> {
  const rows = await selectVaultCounters(db, { userId });
  const counterOf = (label: string): number => rows.find((row) => row.label === label)?.counter ?? 0;
  return { keys: counterOf('keys'), pins: counterOf('pins') };
}

const selectMe = compiledSelect<{ userId: number }>()((db, param) =>
  db
    .selectFrom('users')
    .select([...personColumns, 'users.role', 'users.created_at'])
    .where('users.id', '=', param('userId')),
);

export const findMe = async (db: Read, userId: number) => (await selectMe(db, { userId }))[0];
