/**
 * Opens sealed rows in the crypto worker, newest first and a batch at a time, paints them, then has their signatures
 * checked. Of rooms that are not on screen only the last row is opened (for the list and for notices). What did not
 * arrive is asked for again: on a reconnect, and on a timer whose pauses grow.
 */
import type { Message } from '#contract/messages.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';
import type { MessageContent } from './message-state.ts';
import { createRoomQueue } from './opening-queue.ts';
import { createRowOpener } from './row-opener.ts';

const batchSize = 50;
const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

export type OpeningDeps = {
  crypto: Pick<CryptoEngine, 'openMessages' | 'verifyMessages'>;
  keys: Pick<RoomKeys, 'accept'>;
  rooms: Store<RoomsState>;
  timers: Timers;
  /** The last row of a room was opened (or cannot be): for notices. */
  lastRowOpened: (message: Message, content: MessageContent) => void;
};

export type Opening = {
  /** The connection is back: rooms whose records or rows could not be had are looked at again. */
  retry: () => void;
  stop: () => void;
};

/** Starts to watch the rooms. */
export const startOpening = (deps: OpeningDeps): Opening => {
  const { rooms, timers } = deps;
  const opener = createRowOpener(deps);
  const busyRooms = new Set<string>();
  /** Rooms that changed while they were being looked at. */
  const changedRooms = new Set<string>();
  /** Rooms that wait for something which nobody announces. */
  const unsettledRooms = new Set<string>();
  /** Rooms whose unsettled rows are to be opened again at the next look. */
  const reviewedRooms = new Set<string>();
  let isStopped = false;
  let pauses = 0;
  let cancelRetry: (() => void) | null = null;

  const wantedRows = (entry: RoomEntry): Message[] => {
    const isOpen = rooms.get().openRoomUid === entry.room.roomUid;
    const last = entry.tail.slice(-1);
    let candidates = last;
    if (isOpen) candidates = entry.detached === null ? [...entry.tail] : [...entry.detached, ...last];
    return candidates
      .filter(({ content }) => content.state === 'sealed')
      .map(({ message }) => message)
      .slice(-batchSize);
  };

  /** Everything there is to open now; false if it has to be looked at again later. */
  const openAll = async (roomUid: string): Promise<boolean> => {
    for (;;) {
      changedRooms.delete(roomUid);
      const verdict = await deps.keys.accept(roomUid);
      const entry = rooms.get().byUid.get(roomUid);
      if (entry === undefined || isStopped) return true;
      if (verdict === null) return false;
      const rows = wantedRows(entry);
      if (rows.length > 0) {
        if (!(await opener.open(roomUid, rows))) return false;
      } else if (reviewedRooms.delete(roomUid)) {
        const again = opener.unsettledRows(entry).slice(-batchSize);
        if (again.length > 0 && !(await opener.openAgain(roomUid, again))) return false;
      } else if (!changedRooms.has(roomUid)) {
        const { reason } = verdict;
        const isWaiting = reason === 'RECORDS_UNAVAILABLE' || reason === 'STATEMENT_MISSING';
        return !isWaiting && opener.unsettledRows(entry).length === 0;
      }
    }
  };

  const openRoom = async (roomUid: string): Promise<void> => {
    if (busyRooms.has(roomUid)) {
      changedRooms.add(roomUid);
      return;
    }
    busyRooms.add(roomUid);
    let isSettled = false;
    try {
      isSettled = await openAll(roomUid);
    } finally {
      busyRooms.delete(roomUid);
      if (isSettled) unsettledRooms.delete(roomUid);
      else unsettledRooms.add(roomUid);
      scheduleRetry();
      // Changed after the last look and before it was no longer busy: nothing else would bring that up again.
      if (isSettled && !isStopped && changedRooms.delete(roomUid)) look.next(roomUid, false);
    }
  };

  const scheduleRetry = (): void => {
    if (unsettledRooms.size === 0) {
      cancelRetry?.();
      cancelRetry = null;
      pauses = 0;
    }
    if (isStopped || unsettledRooms.size === 0 || cancelRetry !== null) return;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(pauses, 10));
    pauses += 1;
    cancelRetry = timers.after(pauseMs, lookAgain);
  };

  const lookAgain = (): void => {
    cancelRetry?.();
    cancelRetry = null;
    const { openRoomUid } = rooms.get();
    for (const roomUid of unsettledRooms) {
      reviewedRooms.add(roomUid);
      look.next(roomUid, openRoomUid === roomUid);
    }
  };

  const look = createRoomQueue(openRoom);
  const unsubscribe = rooms.subscribe(
    (state) => state,
    (state, before) => {
      if (state.openRoomUid !== null && state.openRoomUid !== before.openRoomUid)
        look.first(state.openRoomUid);
      if (state.byUid === before.byUid) return;
      for (const [roomUid, entry] of state.byUid) {
        if (!isNews(entry, before.byUid.get(roomUid))) continue;
        if (busyRooms.has(roomUid)) changedRooms.add(roomUid);
        else look.next(roomUid, state.openRoomUid === roomUid);
      }
    },
  );
  return {
    retry: () => {
      pauses = 0;
      lookAgain();
    },
    stop: () => {
      isStopped = true;
      cancelRetry?.();
      opener.stop();
      unsubscribe();
    },
  };
};

/** New rows, a new epoch, another title, other members: the engine looks at the room again. */
const isNews = (entry: RoomEntry, previous: RoomEntry | undefined): boolean =>
  previous === undefined ||
  previous.tail !== entry.tail ||
  previous.detached !== entry.detached ||
  previous.room.epochHash !== entry.room.epochHash ||
  previous.room.title !== entry.room.title ||
  previous.room.members.length !== entry.room.members.length;
