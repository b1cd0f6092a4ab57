/** Rows of rooms and memberships. */
import type { Insertable, Updateable } from 'kysely';
import type { RoomRole } from '#contract/room-settings.ts';
import type { Member, Room } from '#contract/rooms.ts';
import { compiledSelect, compiledWrite } from '../../database/compiled-statement.ts';
import type { RoomsTable } from '../../database/tables.ts';
import type { Read, Unit } from '../feature-types.ts';
import { roleIn } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';

export type MemberRow = {
  room_id: number;
  user_id: number;
  userUid: string;
  joined_seq: number;
  read_seq: number;
  joined_at: number;
  joined_rev: number;
  is_admin: 0 | 1;
  userState: 'active' | 'disabled' | 'deleted';
};

/** A room without anybody's own cursor. */
export type RoomRow = Omit<MemberRoom, 'viewer_id' | 'joined_seq' | 'read_seq' | 'is_admin'>;

export const toMember = (row: MemberRow, role: RoomRole): Member => ({
  userUid: row.userUid,
  joinedSeq: row.joined_seq,
  readSeq: row.read_seq,
  joinedAt: row.joined_at,
  role,
});

/** `members` are this room's, the longest-standing first. */
export const toRoomState = (row: RoomRow, members: readonly MemberRow[]): Room => ({
  roomUid: row.uid,
  type: row.type,
  title: row.title,
  description: row.description,
  pictureHash: row.picture_hash,
  rev: row.rev,
  lastSeq: row.last_seq,
  createdAt: row.created_at,
  ownerUid: members.find((member) => member.user_id === row.owner_id)?.userUid ?? null,
  policies: {
    invite: row.invite_policy,
    post: row.post_policy,
    mentionAll: row.mention_policy,
    isListed: row.is_listed === 1,
  },
  history: row.history === 1,
  epoch: row.epoch,
  epochHash: row.epoch_hash,
  isRekeyNeeded: row.is_rekey_needed === 1,
  members: members.map((member) =>
    toMember(member, roleIn({ owner_id: row.owner_id, is_admin: member.is_admin }, member.user_id)),
  ),
});

const memberColumns = [
  'members.room_id',
  'members.user_id',
  'users.uid as userUid',
  'members.joined_seq',
  'members.read_seq',
  'members.joined_at',
  'members.joined_rev',
  'members.is_admin',
  'users.state as userState',
] as const;

const selectMembers = compiledSelect<{ roomId: number }>()((db, param) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(memberColumns)
    .where('members.room_id', '=', param('roomId'))
    .orderBy('members.joined_at')
    .orderBy('members.user_id'),
);

/** The members of a room, the longest-standing first. */
export const membersOf = (db: Read, roomId: number): Promise<MemberRow[]> => selectMembers(db, { roomId });

/** Whether anybody but this person is in the room. */
export async function hasOthers(db: Read, roomId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom('members')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('user_id', '!=', userId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The members of several rooms, by room id; the longest-standing first. */
export async function membersOfRooms(
  db: Read,
  roomIds: readonly number[],
): Promise<Map<number, MemberRow[]>> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(memberColumns)
    .where('members.room_id', 'in', roomIds)
    .orderBy('members.joined_at')
    .orderBy('members.user_id')
    .execute();
  return Map.groupBy(rows, (row) => row.room_id);
}

const selectRoom = compiledSelect<{ uid: string }>()((db, param) =>
  db.selectFrom('rooms').selectAll().where('uid', '=', param('uid')),
);

/** For the server's own business only: requests go through `room-access.ts`. */
export const findRoom = async (db: Read, uid: string) => (await selectRoom(db, { uid }))[0];

export const findDirectRoom = (db: Read, directKey: string) =>
  db.selectFrom('rooms').selectAll().where('direct_key', '=', directKey).executeTakeFirst();

/** One text for both orders of a pair. */
export const directKeyOf = (left: number, right: number): string =>
  `${Math.min(left, right)}:${Math.max(left, right)}`;

export async function insertRoom({ db }: Unit, room: Insertable<RoomsTable>): Promise<number> {
  const row = await db.insertInto('rooms').values(room).returning('id').executeTakeFirstOrThrow();
  return row.id;
}

const insertMemberRow = compiledWrite<{
  roomId: number;
  userId: number;
  joinedSeq: number;
  readSeq: number;
  joinedAt: number;
  joinedRev: number;
}>((db, param) =>
  db.insertInto('members').values({
    room_id: param('roomId'),
    user_id: param('userId'),
    joined_seq: param('joinedSeq'),
    read_seq: param('readSeq'),
    joined_at: param('joinedAt'),
    joined_rev: param('joinedRev'),
  }),
);

/** New members read what comes after the room's newest message, or from `fromSeq` on; none of it counts as unread. */
export async function insertMembers(
  { db }: Unit,
  room: { id: number; lastSeq: number; rev: number; fromSeq?: number },
  userIds: readonly number[],
  now: number,
): Promise<void> {
  for (const userId of userIds) {
    await insertMemberRow(db, {
      roomId: room.id,
      userId,
      joinedSeq: room.fromSeq ?? room.lastSeq + 1,
      readSeq: room.lastSeq,
      joinedAt: now,
      joinedRev: room.rev,
    });
  }
}

/** Ends a membership. The person's wraps go with it: they open only what this person cannot ask for any more. */
export async function deleteMember({ db }: Unit, roomId: number, userId: number): Promise<void> {
  for (const table of ['wraps', 'wraps_put_aside'] as const) {
    await db.deleteFrom(table).where('room_id', '=', roomId).where('user_id', '=', userId).execute();
  }
  const result = await db
    .deleteFrom('members')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw new Error('A membership to end was not there.');
}

/** Makes a member an admin, or takes that away. The room's revision is for the caller to raise. */
export async function setAdmin({ db }: Unit, roomId: number, userId: number, isAdmin: 0 | 1): Promise<void> {
  const result = await db
    .updateTable('members')
    .set({ is_admin: isAdmin })
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('A membership to change was not there.');
}

export type RoomChange = Omit<
  Updateable<RoomsTable>,
  'id' | 'uid' | 'type' | 'last_seq' | 'rev' | 'state_rev' | 'direct_key' | 'created_at'
>;

/** Changes the room itself; its revision goes up by one. Gives the new revision. */
export async function updateRoom(
  { db }: Unit,
  room: Pick<RoomRow, 'id' | 'rev'>,
  change: RoomChange,
): Promise<number> {
  const rev = room.rev + 1;
  const result = await db
    .updateTable('rooms')
    .set({ ...change, rev, state_rev: rev })
    .where('id', '=', room.id)
    .where('rev', '=', room.rev)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('A room changed inside a unit that was changing it.');
  return rev;
}

/** Of these people, those who are in as many rooms as `limit` allows. */
export async function peopleWithManyRooms(
  db: Read,
  userIds: readonly number[],
  limit: number,
): Promise<number[]> {
  const rows = await db
    .selectFrom('members')
    .select('user_id')
    .where('user_id', 'in', userIds)
    .groupBy('user_id')
    .having((having) => having.fn.countAll(), '>=', limit)
    .execute();
  return rows.map((row) => row.user_id);
}

/** A person's rooms that wait for a new epoch. */
export async function roomsToRekey(db: Read, userId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .select('rooms.uid')
    .where('members.user_id', '=', userId)
    .where('rooms.is_rekey_needed', '=', 1)
    .execute();
  return rows.map((row) => row.uid);
}
