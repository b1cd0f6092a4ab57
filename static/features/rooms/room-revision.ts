/**
 * The one rule by which a room changes: `rev` not above mine → ignore, one above → apply, more → there is a gap and the
 * missing changes are fetched. Pure.
 */
import type { EventPayload } from '#contract/index.ts';
import type { Cursor, Message } from '#contract/messages.ts';
import type { Room, RoomState } from '#contract/rooms.ts';
import type { RoomChanges } from '#contract/sync.ts';
import { mergeEntries, sealedEntry, updatedEntries } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { newRoomEntry } from './room-state.ts';
import type { RoomEntry, RoomsState } from './room-state.ts';

/** The events that carry a room's revision. */
export type RoomEvent =
  | { kind: 'message'; rev: number; message: Message }
  /** A row that was there before, as it is now. */
  | { kind: 'row'; rev: number; message: Message }
  | { kind: 'changed'; rev: number; change: EventPayload<'room:changed'> };

export type RevisionVerdict = 'ignore' | 'apply' | 'gap';

export const judgeRevision = (mine: number, theirs: number): RevisionVerdict => {
  if (theirs <= mine) return 'ignore';
  return theirs === mine + 1 ? 'apply' : 'gap';
};

/** Applies an event that is the next one. */
export const withRoomEvent = (entry: RoomEntry, event: RoomEvent): RoomEntry => {
  switch (event.kind) {
    case 'message':
      return withNewMessage(entry, event.message);
    case 'row':
      return withChangedRow(entry, event.message);
    case 'changed':
      return withRoomChange(entry, event.change);
    default:
      return assertNever(event);
  }
};

function assertNever(event: never): never {
  throw new TypeError(`unknown event of a room: ${JSON.stringify(event)}`);
}

/** Rows that are not loaded here are left alone: they come as they are then. */
const withChangedRow = (entry: RoomEntry, message: Message): RoomEntry => ({
  ...entry,
  room: { ...entry.room, rev: message.rev },
  tail: updatedEntries(entry.tail, [message]),
  detached: entry.detached === null ? null : updatedEntries(entry.detached, [message]),
});

const withNewMessage = (entry: RoomEntry, message: Message): RoomEntry => ({
  ...entry,
  room: {
    // Sending means having read up to there: no cursor event follows for it.
    ...withCursors(entry.room, [{ userUid: message.senderUid, readSeq: message.seq }]),
    rev: message.rev,
    lastSeq: Math.max(entry.room.lastSeq, message.seq),
  },
  tail: mergeEntries(entry.tail, [message]),
});

const withRoomChange = (entry: RoomEntry, change: EventPayload<'room:changed'>): RoomEntry => {
  const { added, changed, removed, ...head } = change;
  const gone = new Set([...removed, ...added.map((member) => member.userUid)]);
  const changedByUid = new Map(changed.map((member) => [member.userUid, member]));
  const stayed = entry.room.members
    .filter((member) => !gone.has(member.userUid))
    .map((member) => changedByUid.get(member.userUid) ?? member);
  const room = { ...entry.room, ...head, members: [...stayed, ...added] };
  return { ...entry, room: withCursors(room, entry.room.members) };
};

/** Moves cursors forward, never back. */
export const withCursors = (room: Room, cursors: readonly Cursor[]): Room => {
  const seqByUid = new Map(cursors.map((cursor) => [cursor.userUid, cursor.readSeq]));
  const isMoved = room.members.some((member) => (seqByUid.get(member.userUid) ?? 0) > member.readSeq);
  if (!isMoved) return room;
  return {
    ...room,
    members: room.members.map((member) => ({
      ...member,
      readSeq: Math.max(member.readSeq, seqByUid.get(member.userUid) ?? 0),
    })),
  };
};

/** What is known of how far others have read, forgotten: they stand where they joined, and the rooms are asked again. */
export const withOwnCursorsOnly = (state: RoomsState, meUid: string): RoomsState => ({
  ...state,
  byUid: new Map(
    [...state.byUid].map(([uid, entry]) => {
      const members = entry.room.members.map((member) =>
        member.userUid === meUid ? member : { ...member, readSeq: Math.max(0, member.joinedSeq - 1) },
      );
      return [uid, { ...entry, room: { ...entry.room, members } }];
    }),
  ),
});

/** A room as it is now replaces the room as it was; cursors that are already further stay. */
const withRoomRow = (present: Room, next: Room): Room => withCursors(next, present.members);

/** Applies what changed since the entry's revision. An answer older than the entry changes nothing but cursors. */
export const withRoomChanges = (entry: RoomEntry, changes: RoomChanges): RoomEntry => {
  if (changes.rev < entry.room.rev) return { ...entry, room: withCursors(entry.room, changes.cursors) };
  const room = changes.room === null ? entry.room : withRoomRow(entry.room, changes.room.room);
  const rows = changes.room?.lastMessage
    ? [
        ...changes.messages.filter((row) => row.seq !== changes.room?.lastMessage?.seq),
        changes.room.lastMessage,
      ]
    : changes.messages;
  const lastSeq = rows.reduce((highest, row) => Math.max(highest, row.seq), room.lastSeq);
  const next: RoomEntry = {
    ...entry,
    room: { ...withCursors(room, changes.cursors), rev: changes.rev, lastSeq },
    tail: changes.isReset ? resetTail(entry.tail, rows) : mergeEntries(entry.tail, fromTailOn(entry, rows)),
    detached: entry.detached === null ? null : updatedEntries(entry.detached, rows),
  };
  return changes.isReset ? { ...next, detached: null, isStartReached: false } : next;
};

/** Old rows that changed without being loaded here would tear a hole into a tail that has no gaps. */
const fromTailOn = ({ tail, room }: RoomEntry, rows: readonly Message[]): readonly Message[] => {
  const firstSeq = tail[0]?.message.seq ?? room.lastSeq + 1;
  return rows.filter((row) => row.seq >= firstSeq);
};

/** Only the server's rows remain; those that did not change keep what opening them gave. */
const resetTail = (tail: readonly MessageEntry[], rows: readonly Message[]): readonly MessageEntry[] => {
  const seqs = new Set(rows.map((row) => row.seq));
  return mergeEntries(
    tail.filter((entry) => seqs.has(entry.message.seq)),
    rows,
  );
};

/** A room in full: new to this client, or joined again. */
export const withRoomState = (entry: RoomEntry | undefined, state: RoomState): RoomEntry => {
  const rows = state.lastMessage === null ? [] : [state.lastMessage];
  if (entry === undefined) return newRoomEntry(state.room, rows.map(sealedEntry));
  if (state.room.rev < entry.room.rev) return entry;
  // Rows between what I have and the newest one are missing unless the two touch: then the tail starts anew.
  const lastKnownSeq = entry.tail[entry.tail.length - 1]?.message.seq ?? 0;
  const isContiguous = state.room.lastSeq <= lastKnownSeq + 1;
  return {
    ...entry,
    room: withRoomRow(entry.room, state.room),
    tail: isContiguous ? mergeEntries(entry.tail, rows) : resetTail(entry.tail, rows),
    detached: isContiguous ? entry.detached : null,
    isStartReached: isContiguous && entry.isStartReached,
  };
};
