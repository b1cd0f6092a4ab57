/**
 * How far others have read, as one member may know it. What the policy withholds does not leave the server: with `off` the
 * others stand where they joined; with `sender` each stands at the last of the asking member's own messages that they have
 * read, which says of those messages whether they were read, and of no other.
 */
import type { Cursor } from '#contract/messages.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { Member, Room } from '#contract/rooms.ts';
import type { Read } from '../feature-types.ts';
import type { MemberRoom } from './room-access.ts';

type ViewedRoom = Pick<MemberRoom, 'id' | 'viewer_id'>;
type CursorRow = { room_id: number; user_id: number; joined_seq: number; read_seq: number };

/** The last of the viewer's own messages that each member has read, by room and member. */
async function ownMessagesRead(db: Read, rooms: readonly ViewedRoom[], viewerId: number) {
  const rows = await db
    .selectFrom('members')
    .select(['members.room_id', 'members.user_id'])
    .select((select) =>
      select
        .selectFrom('messages as own')
        .select((own) => own.fn.max('own.seq').as('seq'))
        .whereRef('own.room_id', '=', 'members.room_id')
        .whereRef('own.seq', '<=', 'members.read_seq')
        .where('own.sender_id', '=', viewerId)
        .as('seq'),
    )
    .where(
      'members.room_id',
      'in',
      rooms.map((room) => room.id),
    )
    .execute();
  return new Map(rows.map((row) => [`${row.room_id}:${row.user_id}`, row.seq ?? 0]));
}

/** These members' rows with their cursors as the member who asked for these rooms may know them. */
export async function withShownCursors<Row extends CursorRow>(
  db: Read,
  rooms: readonly ViewedRoom[],
  rows: readonly Row[],
  receipts: ReadReceipts,
): Promise<readonly Row[]> {
  const viewerId = rooms[0]?.viewer_id;
  if (receipts === 'everyone' || viewerId === undefined) return rows;
  const read = receipts === 'off' ? null : await ownMessagesRead(db, rooms, viewerId);
  return rows.map((row) => {
    if (row.user_id === viewerId) return row;
    const seq = read?.get(`${row.room_id}:${row.user_id}`) ?? 0;
    return { ...row, read_seq: Math.max(seq, row.joined_seq - 1) };
  });
}

/** How far the members of these rooms have read, by room id, as the member who asked may know it. */
export async function readCursors(
  db: Read,
  rooms: readonly ViewedRoom[],
  receipts: ReadReceipts,
): Promise<Map<number, Cursor[]>> {
  if (rooms.length === 0) return new Map();
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select([
      'members.room_id',
      'members.user_id',
      'members.joined_seq',
      'members.read_seq',
      'users.uid as userUid',
    ])
    .where(
      'members.room_id',
      'in',
      rooms.map((room) => room.id),
    )
    .execute();
  const cursors = Map.groupBy(await withShownCursors(db, rooms, rows, receipts), (row) => row.room_id);
  return new Map(
    [...cursors].map(([id, found]) => [
      id,
      found.map(({ userUid, read_seq: readSeq }) => ({ userUid, readSeq })),
    ]),
  );
}

/**
 * A room as it is told to several people at once, or to somebody who did not ask how far people have read: all but `kept`
 * stand where they joined. Clients keep the cursors that they know to be further.
 */
export const withoutCursors = (room: Room, kept: readonly string[] = []): Room => ({
  ...room,
  members: room.members.map((member) => (kept.includes(member.userUid) ? member : withoutCursor(member))),
});

/** A member without how far they have read. */
export const withoutCursor = (member: Member): Member => ({
  ...member,
  readSeq: Math.max(0, member.joinedSeq - 1),
});
