/** Accounts and groups as the console lists them. */
import { sql } from 'kysely';
import type { AccountState, AdminRoom } from '#contract/admin-people.ts';
import type { Role } from '#contract/accounts.ts';
import type { Read } from '../feature-types.ts';
import { likePattern } from '../search-words.ts';

export type AccountRow = {
  id: number;
  uid: string;
  username: string | null;
  display_name: string;
  department: string;
  title: string;
  role: Role;
  state: 'active' | 'disabled' | 'deleted';
  is_pending: 0 | 1;
  state_since: number | null;
  created_at: number;
  last_seen_at: number | null;
  identity_version: number;
  formerRooms: number | null;
};

export const stateOf = (row: Pick<AccountRow, 'state' | 'is_pending'>): AccountState =>
  row.state === 'active' ? 'active' : row.is_pending === 1 ? 'pending' : 'disabled';

const select = (db: Read) =>
  db
    .selectFrom('users')
    .select((of) => [
      'users.id',
      'users.uid',
      'users.username',
      'users.display_name',
      'users.department',
      'users.title',
      'users.role',
      'users.state',
      'users.is_pending',
      'users.state_since',
      'users.created_at',
      'users.last_seen_at',
      'users.identity_version',
      of
        .selectFrom('former_rooms')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('former_rooms.user_id', '=', 'users.id')
        .as('formerRooms'),
    ])
    .where('users.state', '!=', 'deleted');

export type PeoplePage = {
  words: readonly string[];
  state: AccountState | undefined;
  role: Role | undefined;
  after: string;
  limit: number;
};

/** Accounts by user name; every word must be part of a name, department or title. */
export function listAccounts(db: Read, { words, state, role, after, limit }: PeoplePage) {
  let query = select(db).where('users.username', '>', after).orderBy('users.username').limit(limit);
  if (state !== undefined) {
    query = query
      .where('users.state', '=', state === 'active' ? 'active' : 'disabled')
      .where('users.is_pending', '=', state === 'pending' ? 1 : 0);
  }
  if (role !== undefined) query = query.where('users.role', '=', role);
  for (const word of words) {
    const pattern = likePattern(word);
    query = query.where((where) =>
      where.or(
        (['users.username', 'users.display_name', 'users.department', 'users.title'] as const).map(
          (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '!'`,
        ),
      ),
    );
  }
  return query.execute();
}

export const findAccount = (db: Read, userUid: string): Promise<AccountRow | undefined> =>
  select(db).where('users.uid', '=', userUid).executeTakeFirst();

export type Counts = Record<AccountState, number>;

export async function countByState(db: Read): Promise<Counts> {
  const rows = await db
    .selectFrom('users')
    .select((of) => ['state', 'is_pending', of.fn.countAll<number>().as('count')])
    .where('state', '!=', 'deleted')
    .groupBy(['state', 'is_pending'])
    .execute();
  const counts: Counts = { active: 0, pending: 0, disabled: 0 };
  for (const row of rows) counts[stateOf(row)] += row.count;
  return counts;
}

/** Owners whose accounts are in use. */
export async function ownerUids(db: Read): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('uid')
    .where('role', '=', 'owner')
    .where('state', '=', 'active')
    .execute();
  return rows.map(({ uid }) => uid);
}

type RoomPage = { words: readonly string[]; after: string | undefined; limit: number };

/** Groups that somebody is in, by title. */
export async function listGroups(db: Read, { words, after, limit }: RoomPage): Promise<AdminRoom[]> {
  const last =
    after === undefined
      ? undefined
      : await db.selectFrom('rooms').select(['id', 'title']).where('uid', '=', after).executeTakeFirst();
  let query = db
    .selectFrom('rooms')
    .innerJoin('users', 'users.id', 'rooms.owner_id')
    .select((of) => [
      'rooms.uid as roomUid',
      'rooms.title',
      'users.display_name as owner',
      of
        .selectFrom('members')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('members.room_id', '=', 'rooms.id')
        .as('memberCount'),
    ])
    .where('rooms.type', '=', 'group')
    .orderBy('rooms.title')
    .orderBy('rooms.id')
    .limit(limit);
  for (const word of words) {
    const pattern = likePattern(word);
    query = query.where(sql<boolean>`lower(rooms.title) like ${pattern} escape '!'`);
  }
  if (last !== undefined) {
    query = query.where((where) =>
      where.or([
        where('rooms.title', '>', last.title),
        where.and([where('rooms.title', '=', last.title), where('rooms.id', '>', last.id)]),
      ]),
    );
  }
  const rows = await query.execute();
  return rows.map((row) => ({ ...row, memberCount: row.memberCount ?? 0 }));
}
