/** Rooms as clients get them: state, members and the newest message that the asking member may read. */
import type { Message } from '#contract/messages.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { Room, RoomState } from '#contract/rooms.ts';
import type { Read } from '../feature-types.ts';
import { withShownCursors, withoutCursors } from './cursor-view.ts';
import { memberRoom, visibleFrom } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import { membersOf, membersOfRooms, toRoomState } from './room-store.ts';

/** Newest messages by room id; handed in by the messages feature. */
export type ReadNewestMessages = (
  db: Read,
  rooms: readonly { id: number; uid: string }[],
) => Promise<Map<number, Message>>;

/** Several rooms as the member whose rows these are sees them; how far the others have read as the policy allows. */
export async function readRoomStates(
  db: Read,
  rooms: readonly MemberRoom[],
  readNewest: ReadNewestMessages,
  receipts: ReadReceipts,
): Promise<RoomState[]> {
  if (rooms.length === 0) return [];
  const readable = rooms.filter((room) => room.last_seq >= visibleFrom(room));
  const newest = await readNewest(db, readable);
  const ids = rooms.map((room) => room.id);
  const rows = [...(await membersOfRooms(db, ids)).values()].flat();
  const members = Map.groupBy(await withShownCursors(db, rooms, rows, receipts), (row) => row.room_id);
  return rooms.map((room) => ({
    room: toRoomState(room, members.get(room.id) ?? []),
    lastMessage: newest.get(room.id) ?? null,
  }));
}

/**
 * One room of a person, without its newest message, as the answer to a change of it: of the others only those who joined
 * with this change come with how far they have read, which is all that was there before them.
 */
export async function readRoom(db: Read, userId: number, roomUid: string): Promise<Room> {
  const room = await memberRoom(db, userId, roomUid);
  const rows = await membersOf(db, room.id);
  const kept = rows.filter((row) => row.user_id === userId || row.joined_rev === room.rev);
  return withoutCursors(
    toRoomState(room, rows),
    kept.map((row) => row.userUid),
  );
}
