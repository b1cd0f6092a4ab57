/** Rows of rooms that may be found, and of who asks to join them. */
import { sql } from 'kysely';
import type { JoinRequest, JoinRequestOrigin, ListedRoom } from '#contract/join-requests.ts';
import type { Read, Unit } from '../feature-types.ts';
import { likePattern } from '../search-words.ts';

export type JoinRequestRow = {
  state: 'pending' | 'declined';
  asked_at: number;
  answered_at: number | null;
  origin: JoinRequestOrigin;
};

/** A room that anybody may find; nothing of any other. */
export const findListedRoom = (db: Read, roomUid: string) =>
  db
    .selectFrom('rooms')
    .select(['id', 'uid', 'owner_id'])
    .where('uid', '=', roomUid)
    .where('is_listed', '=', 1)
    .where('type', '=', 'group')
    .executeTakeFirst();

/** The room that this person asked to join, listed or not any more. */
export const findAskedRoom = (db: Read, userId: number, roomUid: string) =>
  db
    .selectFrom('join_requests')
    .innerJoin('rooms', 'rooms.id', 'join_requests.room_id')
    .select([
      'rooms.id',
      'rooms.owner_id',
      'join_requests.state',
      'join_requests.asked_at',
      'join_requests.origin',
    ])
    .where('rooms.uid', '=', roomUid)
    .where('join_requests.user_id', '=', userId)
    .executeTakeFirst();

export const isMember = async (db: Read, roomId: number, userId: number): Promise<boolean> =>
  (await db
    .selectFrom('members')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirst()) !== undefined;

export const findRequest = (db: Read, roomId: number, userId: number): Promise<JoinRequestRow | undefined> =>
  db
    .selectFrom('join_requests')
    .select(['state', 'asked_at', 'answered_at', 'origin'])
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirst();

export async function putRequest(
  { db }: Unit,
  roomId: number,
  userId: number,
  { now, origin }: { now: number; origin: JoinRequestOrigin },
): Promise<void> {
  await deleteRequest({ db }, roomId, userId);
  await db
    .insertInto('join_requests')
    .values({ room_id: roomId, user_id: userId, state: 'pending', asked_at: now, answered_at: null, origin })
    .execute();
}

/** Gives false if nobody of that id was waiting. */
export async function declineRequest(
  { db }: Unit,
  roomId: number,
  userId: number,
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('join_requests')
    .set({ state: 'declined', answered_at: now })
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteRequest({ db }: Pick<Unit, 'db'>, roomId: number, userId: number): Promise<void> {
  await db.deleteFrom('join_requests').where('room_id', '=', roomId).where('user_id', '=', userId).execute();
}

/** Uids of the people who may answer requests to a room. */
export async function answererUids(
  db: Read,
  room: { id: number; owner_id: number | null },
): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.uid')
    .where('members.room_id', '=', room.id)
    .where((where) =>
      where.or([where('members.is_admin', '=', 1), where('members.user_id', '=', room.owner_id ?? -1)]),
    )
    .execute();
  return rows.map(({ uid }) => uid);
}

/** Everybody who waits in the groups that this person owns or administers. */
export const waitingFor = (db: Read, userId: number): Promise<JoinRequest[]> =>
  db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .innerJoin('join_requests', 'join_requests.room_id', 'rooms.id')
    .innerJoin('users', 'users.id', 'join_requests.user_id')
    .select([
      'rooms.uid as roomUid',
      'users.uid as userUid',
      'join_requests.asked_at as askedAt',
      'join_requests.origin',
    ])
    .where('members.user_id', '=', userId)
    .where('join_requests.state', '=', 'pending')
    .where('users.state', '=', 'active')
    .where((where) => where.or([where('members.is_admin', '=', 1), where('rooms.owner_id', '=', userId)]))
    .orderBy('join_requests.asked_at')
    .execute();

type Page = { userId: number; words: readonly string[]; after: string | undefined; limit: number };

/** Listed rooms by title, each with how many are in it and what this person has to do with it. */
export async function listRooms(db: Read, { userId, words, after, limit }: Page): Promise<ListedRoom[]> {
  const last =
    after === undefined
      ? undefined
      : await db.selectFrom('rooms').select(['id', 'title']).where('uid', '=', after).executeTakeFirst();
  let query = db
    .selectFrom('rooms')
    .leftJoin('join_requests', (join) =>
      join.onRef('join_requests.room_id', '=', 'rooms.id').on('join_requests.user_id', '=', userId),
    )
    .select((select) => [
      'rooms.uid',
      'rooms.title',
      'rooms.description',
      'rooms.picture_hash',
      'join_requests.state',
      select
        .selectFrom('members')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('members.room_id', '=', 'rooms.id')
        .as('memberCount'),
      select
        .selectFrom('members as mine')
        .select('mine.user_id')
        .whereRef('mine.room_id', '=', 'rooms.id')
        .where('mine.user_id', '=', userId)
        .as('mine'),
    ])
    .where('rooms.is_listed', '=', 1)
    .where('rooms.type', '=', 'group')
    .orderBy('rooms.title')
    .orderBy('rooms.id')
    .limit(limit);
  for (const word of words) {
    const pattern = likePattern(word);
    query = query.where((where) =>
      where.or(
        (['rooms.title', 'rooms.description'] as const).map(
          (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '!'`,
        ),
      ),
    );
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
  return rows.map((row) => ({
    roomUid: row.uid,
    title: row.title,
    description: row.description,
    pictureHash: row.picture_hash,
    memberCount: row.memberCount ?? 0,
    isMember: row.mine !== null,
    request: row.state,
  }));
}

/** The rooms that this person waits to be let into. */
export const requestsOf = (db: Read, userId: number) =>
  db
    .selectFrom('join_requests')
    .innerJoin('rooms', 'rooms.id', 'join_requests.room_id')
    .select(['rooms.id', 'rooms.uid', 'rooms.owner_id', 'join_requests.asked_at', 'join_requests.origin'])
    .where('join_requests.user_id', '=', userId)
    .where('join_requests.state', '=', 'pending')
    .execute();

export async function deleteRequestsOf({ db }: Pick<Unit, 'db'>, userId: number): Promise<void> {
  await db.deleteFrom('join_requests').where('user_id', '=', userId).execute();
}
