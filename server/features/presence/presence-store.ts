/** Who shares a room with whom, and when people were last there. */
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Read } from '../feature-types.ts';

export type SharedRoom = {
  userUid: string;
  roomUid: string;
  /** The other one in a direct room, null in a group. */
  peerUid: string | null;
};

/** The groups and the direct conversations of these people. */
export async function sharedRooms(db: Read, userUids: readonly string[]): Promise<SharedRoom[]> {
  if (userUids.length === 0) return [];
  return db
    .selectFrom('users')
    .innerJoin('members', 'members.user_id', 'users.id')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .leftJoin('members as peers', (join) =>
      join
        .onRef('peers.room_id', '=', 'rooms.id')
        .onRef('peers.user_id', '!=', 'users.id')
        .on('rooms.type', '=', 'direct'),
    )
    .leftJoin('users as peer', 'peer.id', 'peers.user_id')
    .select(['users.uid as userUid', 'rooms.uid as roomUid', 'peer.uid as peerUid'])
    .where('users.uid', 'in', userUids)
    .execute();
}

/** When these people were last connected, as it is stored; those who share no room with this person are left out. */
export async function listLastSeen(
  db: Read,
  userId: number,
  userUids: readonly string[],
): Promise<{ userUid: string; at: number | null }[]> {
  if (userUids.length === 0) return [];
  return db
    .selectFrom('users')
    .select(['users.uid as userUid', 'users.last_seen_at as at'])
    .where('users.uid', 'in', userUids)
    .where('users.state', '!=', 'deleted')
    .where((where) =>
      where.exists(
        where
          .selectFrom('members as theirs')
          .innerJoin('members as mine', 'mine.room_id', 'theirs.room_id')
          .select('theirs.user_id')
          .whereRef('theirs.user_id', '=', 'users.id')
          .where('mine.user_id', '=', userId),
      ),
    )
    .execute();
}

const countRows = compiledSelect<{ roomId: number }>()((db, param) =>
  db
    .selectFrom('members')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('room_id', '=', param('roomId')),
);

/** How many people are in a room. */
export const countMembers = async (db: Read, roomId: number): Promise<number> =>
  (await countRows(db, { roomId }))[0]?.count ?? 0;
