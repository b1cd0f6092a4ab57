/** What a page of older, newer or surrounding rows does to a room's windows. Pure. */
import type { Message } from '#contract/messages.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { mergeEntries, sealedEntry, trimmedEntries } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';

/** Rows that a detached window holds at most: scrolling through 100,000 messages stays smooth and small. */
export const windowRowsMax = 600;
/** What remains of the tail when its room leaves the screen. */
const idleTailRows = 200;
/** A tail may grow by so much before it is cut: cutting at each message would cost more than the rows do. */
const tailSlackRows = 100;
/** A room that stays on screen for days keeps at most this many rows; cut down, it still fills a long scroll. */
const openTailRowsMax = 2 * windowRowsMax;

export type Page = { messages: readonly Message[]; hasBefore: boolean; hasAfter: boolean };

const firstSeqOf = (entries: readonly MessageEntry[]): number =>
  entries[0]?.message.seq ?? Number.MAX_SAFE_INTEGER;
const lastSeqOf = (entries: readonly MessageEntry[]): number => entries[entries.length - 1]?.message.seq ?? 0;

/** Older rows, put before whichever window is on screen. The tail keeps its end, a detached window gives up its own. */
export const withPageBefore = (entry: RoomEntry, page: Page): RoomEntry => {
  const settled: RoomEntry = { ...entry, loading: null, loadFailure: null, isStartReached: !page.hasBefore };
  if (entry.detached !== null) {
    const merged = mergeEntries(entry.detached, page.messages);
    return { ...settled, detached: trimmedEntries(merged, windowRowsMax, 'end') };
  }
  const tail = mergeEntries(entry.tail, page.messages);
  if (tail.length <= windowRowsMax) return { ...settled, tail };
  // The tail must go on ending at the newest row, so the window lets go of it.
  return {
    ...settled,
    tail: trimmedEntries(tail, idleTailRows, 'start'),
    detached: trimmedEntries(tail, windowRowsMax, 'end'),
  };
};

/** Newer rows below a detached window; where it meets the tail the two become one. */
export const withPageAfter = (entry: RoomEntry, page: Page): RoomEntry => {
  const settled: RoomEntry = { ...entry, loading: null, loadFailure: null };
  if (entry.detached === null) return settled;
  const merged = mergeEntries(entry.detached, page.messages);
  const kept = trimmedEntries(merged, windowRowsMax, 'start');
  const isStartReached = entry.isStartReached && kept.length === merged.length;
  return joined({ ...settled, isStartReached, detached: kept }, page);
};

/** The rows around a seq, as a window of their own unless they meet the tail. */
export const withPageAround = (entry: RoomEntry, page: Page): RoomEntry =>
  joined(
    {
      ...entry,
      loading: null,
      loadFailure: null,
      isStartReached: !page.hasBefore,
      detached: page.messages.map(sealedEntry),
    },
    page,
  );

const joined = (entry: RoomEntry, page: Page): RoomEntry => {
  const { detached, tail } = entry;
  if (detached === null) return entry;
  const meets = !page.hasAfter || lastSeqOf(detached) + 1 >= firstSeqOf(tail);
  if (!meets) return entry;
  // What was opened stays open: the window's rows first, then the tail's on top.
  const bySeq = new Map(detached.map((row) => [row.message.seq, row]));
  for (const row of tail) {
    const present = bySeq.get(row.message.seq);
    if (present === undefined || present.content.state === 'sealed') bySeq.set(row.message.seq, row);
  }
  const all = [...bySeq.values()].sort((left, right) => left.message.seq - right.message.seq);
  return { ...entry, tail: all, detached: null };
};

/** The tail on screen again. */
export const withoutDetached = (entry: RoomEntry): RoomEntry =>
  entry.detached === null
    ? entry
    : { ...entry, detached: null, isStartReached: false, loading: null, loadFailure: null };

/** Messages arrive for weeks: a tail keeps its newest rows, fewer when its room is not on screen. */
export const withinBounds = (entry: RoomEntry, isOpen: boolean): RoomEntry => {
  const [kept, most] = isOpen
    ? [windowRowsMax, openTailRowsMax]
    : [idleTailRows, idleTailRows + tailSlackRows];
  if (entry.tail.length <= most) return entry;
  const isStartReached = entry.detached !== null && entry.isStartReached;
  return { ...entry, tail: trimmedEntries(entry.tail, kept, 'start'), isStartReached };
};

/** A room that left the screen keeps only what it needs to come back quickly. */
export const idleRoom = (entry: RoomEntry): RoomEntry => {
  const tail = trimmedEntries(entry.tail, idleTailRows, 'start');
  const isStartReached = entry.isStartReached && tail.length === entry.tail.length && entry.detached === null;
  return {
    ...entry,
    tail,
    detached: null,
    isStartReached,
    loading: null,
    loadFailure: null,
    newLineSeq: null,
  };
};
