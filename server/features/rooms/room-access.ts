/**
 * The only way from a room's uid to a room: through the caller's membership. A room that exists and one that does not are
 * the same to somebody who is not in it.
 */
import type { RoomRole } from '#contract/room-settings.ts';
import { AppError } from '../../app-error.ts';
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Read } from '../feature-types.ts';

const memberRoomColumns = [
  'rooms.id',
  'rooms.uid',
  'rooms.type',
  'rooms.title',
  'rooms.owner_id',
  'rooms.last_seq',
  'rooms.rev',
  'rooms.state_rev',
  'rooms.epoch',
  'rooms.epoch_hash',
  'rooms.is_rekey_needed',
  'rooms.history',
  'rooms.history_epoch',
  'rooms.description',
  'rooms.picture_hash',
  'rooms.invite_policy',
  'rooms.post_policy',
  'rooms.mention_policy',
  'rooms.is_listed',
  'rooms.created_at',
  'members.user_id as viewer_id',
  'members.joined_seq',
  'members.read_seq',
  'members.is_admin',
] as const;

const selectMemberRoom = compiledSelect<{ roomUid: string; userId: number }>()((db, param) =>
  db
    .selectFrom('rooms')
    .innerJoin('members', 'members.room_id', 'rooms.id')
    .select(memberRoomColumns)
    .where('rooms.uid', '=', param('roomUid'))
    .where('members.user_id', '=', param('userId')),
);

const selectMemberRooms = compiledSelect<{ userId: number }>()((db, param) =>
  db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .select(memberRoomColumns)
    .where('members.user_id', '=', param('userId')),
);

/** A room with the asking member (`viewer_id`), their own cursor and first readable seq. */
export type MemberRoom = Awaited<ReturnType<typeof selectMemberRoom>>[number];

/** The room, if this person is in it now; NOT_FOUND otherwise. Inside a unit, ask with the unit's handle. */
export async function memberRoom(db: Read, userId: number, roomUid: string): Promise<MemberRoom> {
  const [room] = await selectMemberRoom(db, { userId, roomUid });
  if (room === undefined) throw new AppError('NOT_FOUND', { field: 'roomUid' });
  return room;
}

const selectSendingRoom = compiledSelect<{ roomUid: string; userId: number }>()((db, param) =>
  db
    .selectFrom('rooms')
    .innerJoin('members', 'members.room_id', 'rooms.id')
    .select((select) => [
      'rooms.id',
      'rooms.type',
      'rooms.last_seq',
      'rooms.rev',
      'rooms.epoch',
      'rooms.is_rekey_needed',
      // in the same statement, because every message of everybody runs through it
      select
        .case()
        .when('rooms.post_policy', '=', 'everyone')
        .then(1)
        .when('members.is_admin', '=', 1)
        .then(1)
        .when('rooms.owner_id', '=', select.ref('members.user_id'))
        .then(1)
        .else(0)
        .end()
        .as('mayPost'),
    ])
    .where('rooms.uid', '=', param('roomUid'))
    .where('members.user_id', '=', param('userId')),
);

/** Like `memberRoom`, with what a send needs and no more: every column costs about a microsecond. */
export async function sendingRoom(db: Read, userId: number, roomUid: string) {
  const [room] = await selectSendingRoom(db, { userId, roomUid });
  if (room === undefined) throw new AppError('NOT_FOUND', { field: 'roomUid' });
  return room;
}

/** All rooms of a person. */
export const memberRooms = (db: Read, userId: number): Promise<MemberRoom[]> =>
  selectMemberRooms(db, { userId });

/**
 * The first seq that this member may read: what came after they joined or, where newcomers see the history, after that was
 * turned on (docs/e2e-protocol.md section 4). It is set when they join and never moves.
 */
export const visibleFrom = (room: Pick<MemberRoom, 'joined_seq'>): number => room.joined_seq;

/** What the asking member is in this room. */
export function roleIn(room: Pick<MemberRoom, 'owner_id' | 'is_admin'>, userId: number): RoomRole {
  if (room.owner_id === userId) return 'owner';
  return room.is_admin === 1 ? 'admin' : 'member';
}

/** The group, if this person is its owner or an admin now: NOT_FOUND for outsiders, NOT_A_GROUP, FORBIDDEN for members. */
export async function administeredRoom(db: Read, userId: number, roomUid: string): Promise<MemberRoom> {
  const room = await memberRoom(db, userId, roomUid);
  if (room.type !== 'group') throw new AppError('NOT_A_GROUP');
  if (roleIn(room, userId) === 'member') throw new AppError('FORBIDDEN');
  return room;
}

/** Whether this member may call everybody in the room at once. */
export const mayCallAll = (
  room: Pick<MemberRoom, 'mention_policy' | 'owner_id' | 'is_admin' | 'type'>,
  userId: number,
): boolean =>
  room.type === 'direct' || room.mention_policy === 'everyone' || roleIn(room, userId) !== 'member';

/** Whether this member may write in the room; `sendingRoom` asks the same of the database. */
export const mayPost = (
  room: Pick<MemberRoom, 'post_policy' | 'owner_id' | 'is_admin'>,
  userId: number,
): boolean => room.post_policy === 'everyone' || roleIn(room, userId) !== 'member';
