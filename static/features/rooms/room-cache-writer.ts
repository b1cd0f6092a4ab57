/** Writes changed rooms to storage, a little later and together: a burst of messages is one write per room. */
import { drop } from '../../state/drop.ts';
import type { ReadableStore } from '../../state/store.ts';
import { createDelayed } from '../../state/timers.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { planRoomSave } from './room-cache.ts';
import type { SavedRows } from './room-cache.ts';
import type { RoomEntry, RoomsState } from './room-state.ts';

const writeDelayMs = 500;

export type RoomCacheWriter = {
  /** These entries came from storage: nothing to write for them. */
  startFrom: (entries: readonly RoomEntry[]) => void;
  /** Everything stored was dropped. */
  forget: () => void;
  flush: () => void;
  stop: () => void;
};

export const createRoomCacheWriter = (deps: {
  rooms: ReadableStore<RoomsState>;
  storage: ClientStorage;
  userUid: string;
  timers: Timers;
}): RoomCacheWriter => {
  const { rooms, storage, userUid } = deps;
  let savedByRoom = new Map<string, { entry: RoomEntry; rows: SavedRows }>();
  let isStopped = false;

  const write = async (): Promise<void> => {
    const { byUid } = rooms.get();
    for (const [roomUid, entry] of byUid) {
      const saved = savedByRoom.get(roomUid);
      if (saved !== undefined && saved.entry.room === entry.room && saved.entry.tail === entry.tail) continue;
      const plan = planRoomSave(entry, saved?.rows);
      savedByRoom.set(roomUid, { entry, rows: plan.saved });
      if (saved?.entry.room === entry.room && plan.save.rows.length === 0) continue;
      try {
        await storage.saveRoom(userUid, plan.save);
      } catch (error) {
        // Nobody knows what of it is stored: the next save replaces the room instead of adding to it.
        savedByRoom.delete(roomUid);
        throw error;
      }
      // A sign-out may be wiping the storage by now.
      if (isStopped) return;
    }
    const gone = [...savedByRoom.keys()].filter((roomUid) => !rooms.get().byUid.has(roomUid));
    for (const roomUid of gone) savedByRoom.delete(roomUid);
    if (gone.length > 0) await storage.removeRooms(userUid, gone);
  };

  const delayed = createDelayed(deps.timers, writeDelayMs, () => {
    // A cache that cannot be written costs a download at the next start and nothing else.
    drop(write().catch(() => undefined));
  });
  const unsubscribe = rooms.subscribe((state) => state.byUid, delayed.request);

  return {
    startFrom: (entries) => {
      for (const entry of entries) {
        const rows = new Map(entry.tail.map(({ message }) => [message.seq, message.rev]));
        savedByRoom.set(entry.room.roomUid, { entry, rows });
      }
    },
    forget: () => {
      savedByRoom = new Map();
    },
    flush: delayed.flush,
    stop: () => {
      isStopped = true;
      unsubscribe();
      delayed.cancel();
    },
  };
};
