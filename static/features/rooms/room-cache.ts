/** Keeps the newest rows of each room in this browser, sealed as they came. Pure plan here, writing in `sync-actions`. */
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import type { RoomSave, StoredRoom } from '../../storage/client-storage.ts';
import { sealedEntry } from '../messages/message-state.ts';
import { newRoomEntry } from './room-state.ts';
import type { RoomEntry } from './room-state.ts';

/** What this tab knows to be stored of a room: the revision of each row by seq. */
export type SavedRows = ReadonlyMap<number, number>;

/** What has to be written so that the stored room equals this entry, and what will be stored then. */
export const planRoomSave = (
  entry: RoomEntry,
  saved: SavedRows | undefined,
): { save: RoomSave; saved: SavedRows } => {
  const rows = entry.tail.slice(-limits.cachedEnvelopes).map(({ message }) => message);
  const firstSeq = rows[0]?.seq ?? entry.room.lastSeq + 1;
  const savedSeqs = [...(saved ?? new Map<number, number>()).keys()];
  const lastSaved = Math.max(0, ...savedSeqs);
  // The stored rows must stay contiguous: a tail that neither overlaps nor touches them replaces them.
  const isReset = saved === undefined || (lastSaved > 0 && firstSeq > lastSaved + 1);
  return {
    save: {
      room: entry.room,
      rows: isReset ? rows : rows.filter((row) => saved.get(row.seq) !== row.rev),
      isReset,
      keepFromSeq: Math.max(1, entry.room.lastSeq - limits.cachedEnvelopes + 1),
    },
    saved: new Map(rows.map((row) => [row.seq, row.rev])),
  };
};

/** A stored room as an entry; null if its rows do not reach its end (another version of the client wrote it). */
export const entryOfStored = (stored: StoredRoom): RoomEntry | null => {
  // what an earlier version of the client stored lacks what a room has since; the server gives it anew
  if (!('policies' in stored.room)) return null;
  const tail = contiguousEnd(stored.rows);
  const lastSeq = tail[tail.length - 1]?.seq ?? 0;
  if (lastSeq !== stored.room.lastSeq) return null;
  return newRoomEntry(stored.room, tail.map(sealedEntry));
};

const contiguousEnd = (rows: readonly Message[]): readonly Message[] => {
  let start = rows.length - 1;
  while (start > 0 && rows[start - 1]?.seq === (rows[start]?.seq ?? 0) - 1) start -= 1;
  return rows.slice(Math.max(0, start));
};
