/** What changed in rooms since the revisions that a client has: rows as they are now, not a log. */
import { limits } from '#contract/limits.ts';
import type { Cursor, Message } from '#contract/messages.ts';
import type { RoomState } from '#contract/rooms.ts';
import type { RoomChanges } from '#contract/sync.ts';
import type { Read } from '../feature-types.ts';
import { visibleFrom } from '../rooms/room-access.ts';
import type { MemberRoom } from '../rooms/room-access.ts';
import { planChanges } from './sync-rules.ts';
import type { PlannedChange } from './sync-rules.ts';

type Wish = { id: number; uid: string } & ({ fromSeq: number } | { sinceRev: number });

/** What other features read for a sync; handed in by the composition root. */
export type RoomReaders = {
  readRoomStates: (db: Read, rooms: readonly MemberRoom[]) => Promise<RoomState[]>;
  listWishedMessages: (db: Read, wishes: readonly Wish[]) => Promise<Map<number, Message[]>>;
  /** How far people have read, by room id, as the member who asks may know it. */
  readCursors: (db: Read, rooms: readonly MemberRoom[]) => Promise<Map<number, Cursor[]>>;
};

/** Rooms read in one statement; a statement has a bounded number of values. */
const roomsPerStatement = 200;

/** `since` is the revision a client has of the room; null for none. */
export type ChangeWish = { room: MemberRoom; since: number | null };

const wishOf = ({ room, since, tail, isReset }: PlannedChange<MemberRoom>): Wish => {
  const { id, uid } = room;
  if (!isReset && since !== null) return { id, uid, sinceRev: since };
  return { id, uid, fromSeq: Math.max(visibleFrom(room), room.last_seq - tail + 1) };
};

/** Changes of several rooms, in a number of statements that does not grow with them. */
export async function readChanges(
  readers: RoomReaders,
  db: Read,
  wishes: readonly ChangeWish[],
): Promise<RoomChanges[]> {
  const plans = planChanges(wishes, limits.pageSize);
  const changes: RoomChanges[] = [];
  for (let start = 0; start < plans.length; start += roomsPerStatement) {
    changes.push(...(await readSlice(readers, db, plans.slice(start, start + roomsPerStatement))));
  }
  return changes;
}

async function readSlice(
  readers: RoomReaders,
  db: Read,
  plans: readonly PlannedChange<MemberRoom>[],
): Promise<RoomChanges[]> {
  const messages = await readers.listWishedMessages(db, plans.map(wishOf));
  const own = plans.filter(({ room, since }) => since === null || room.state_rev > since);
  const states = await readers.readRoomStates(
    db,
    own.map(({ room }) => room),
  );
  const statesByUid = new Map(states.map((state) => [state.room.roomUid, state]));
  const others = plans.filter(({ room }) => !statesByUid.has(room.uid));
  const cursors = await readers.readCursors(
    db,
    others.map(({ room }) => room),
  );
  return plans.map(({ room, isReset }) => ({
    roomUid: room.uid,
    rev: room.rev,
    room: statesByUid.get(room.uid) ?? null,
    cursors: cursors.get(room.id) ?? [],
    // what was stored after the room was read comes as an event
    messages: (messages.get(room.id) ?? []).filter(
      ({ seq }) => seq >= visibleFrom(room) && seq <= room.last_seq,
    ),
    isReset,
  }));
}
