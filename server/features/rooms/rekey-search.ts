/**
 * Finds somebody who makes the next epoch of a room: one online member after another is asked, the next one after three
 * seconds without an answer. Who says "working" gets time to finish.
 */
import { toUser } from '../../gateway/delivery.ts';
import type { Clock, Deliver, FeatureDatabase, OnlinePeople } from '../feature-types.ts';
import { findRoom, membersOf, roomsToRekey } from './room-store.ts';

const answerTimeoutMs = 3_000;
/** Making an epoch for 1,000 members takes seconds; a slow line takes more. */
const workTimeoutMs = 20_000;

export type RekeySearch = {
  /** Starts asking, unless somebody is being asked already. */
  start: (roomUid: string) => void;
  /** A member is making the record that follows this epoch. */
  working: (roomUid: string, epoch: number) => void;
  /** The room has its new epoch, or is gone. */
  end: (roomUid: string) => void;
  /** Somebody connected, for the first time or once more: their rooms that wait for a new epoch can ask them (again). */
  connected: (userUid: string, userId: number) => Promise<void>;
  stop: () => void;
};

type RekeySearchDeps = {
  database: FeatureDatabase;
  clock: Clock;
  online: OnlinePeople;
  deliver: Deliver;
  onBug: (error: unknown) => void;
};

/** `asking`: whose answer is being waited for. */
type Search = { asked: Set<string>; asking: string | null; epoch: number; cancel: () => void };

export function createRekeySearch({ database, clock, online, deliver, onBug }: RekeySearchDeps): RekeySearch {
  const searchesByRoom = new Map<string, Search>();

  function end(roomUid: string): void {
    searchesByRoom.get(roomUid)?.cancel();
    searchesByRoom.delete(roomUid);
  }

  async function nextToAsk(roomUid: string, search: Search): Promise<string | undefined> {
    const room = await findRoom(database.read, roomUid);
    if (room === undefined || room.is_rekey_needed === 0) return undefined;
    search.epoch = room.epoch;
    const members = await membersOf(database.read, room.id);
    return members.find(({ userUid }) => online.isOnline(userUid) && !search.asked.has(userUid))?.userUid;
  }

  async function ask(roomUid: string, search: Search): Promise<void> {
    const userUid = await nextToAsk(roomUid, search);
    // it may have ended, or begun anew, while the members were being read
    if (searchesByRoom.get(roomUid) !== search) return;
    if (userUid === undefined) return end(roomUid);
    search.asked.add(userUid);
    search.asking = userUid;
    search.cancel = clock.after(answerTimeoutMs, () => askNext(roomUid, search));
    deliver([toUser(userUid, 'rekey:wanted', { roomUid, epoch: search.epoch })]);
  }

  function askNext(roomUid: string, search: Search): void {
    ask(roomUid, search).catch((error: unknown) => {
      end(roomUid);
      onBug(error);
    });
  }

  /** What somebody was asked may have gone with the connection that they had then, and so may what they answered. */
  function askAgain(roomUid: string, search: Search, userUid: string): void {
    search.asked.delete(userUid);
    if (search.asking !== userUid) return;
    search.cancel();
    askNext(roomUid, search);
  }

  function start(roomUid: string): void {
    if (searchesByRoom.has(roomUid)) return;
    const search: Search = { asked: new Set(), asking: null, epoch: 0, cancel: () => undefined };
    searchesByRoom.set(roomUid, search);
    askNext(roomUid, search);
  }

  return {
    start,
    end,
    working(roomUid, epoch) {
      const search = searchesByRoom.get(roomUid);
      if (search === undefined || search.epoch !== epoch) return;
      search.cancel();
      search.cancel = clock.after(workTimeoutMs, () => askNext(roomUid, search));
    },
    async connected(userUid, userId) {
      for (const roomUid of await roomsToRekey(database.read, userId)) {
        const search = searchesByRoom.get(roomUid);
        if (search === undefined) start(roomUid);
        else askAgain(roomUid, search, userUid);
      }
    },
    stop() {
      for (const roomUid of searchesByRoom.keys()) end(roomUid);
    },
  };
}
