/** My read cursor: a row counts as read when it was on screen of a visible page. One request per room and pause. */
import type { Call } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import { createDelayed } from '../../state/timers.ts';
import type { Timers } from '../../state/timers.ts';
import { withCursors } from './room-revision.ts';
import { memberOf, withRoom } from './room-state.ts';
import type { RoomsState } from './room-state.ts';

const readDelayMs = 250;
/** After a refusal that heals by itself, above all too many requests in one minute. */
const retryDelayMs = 10_000;

export type ReadActions = {
  rowSeen: (roomUid: string, seq: number) => void;
  /** After a reconnect: what could not be reported. */
  resume: () => void;
  stop: () => void;
};

export const createReadActions = (deps: {
  call: Call;
  rooms: Store<RoomsState>;
  meUid: string;
  timers: Timers;
}): ReadActions => {
  const { rooms, meUid } = deps;
  /** The highest seq seen per room that the server does not know of yet. */
  const seenByRoom = new Map<string, number>();

  const cursorOf = (roomUid: string): number => {
    const entry = rooms.get().byUid.get(roomUid);
    return entry === undefined ? Number.MAX_SAFE_INTEGER : (memberOf(entry.room, meUid)?.readSeq ?? 0);
  };

  const report = async (roomUid: string, seq: number): Promise<void> => {
    if (cursorOf(roomUid) >= seq) {
      if (seenByRoom.get(roomUid) === seq) seenByRoom.delete(roomUid);
      return;
    }
    const result = await deps.call('room:read', { roomUid, seq });
    if (!result.ok && result.isRetryable) {
      // It stays. Without a connection it goes with the next one, else after a while: no other row may come to carry it.
      if (result.code !== 'OFFLINE') retry.request();
      return;
    }
    if (seenByRoom.get(roomUid) === seq) seenByRoom.delete(roomUid);
    const entry = rooms.get().byUid.get(roomUid);
    if (!result.ok || entry === undefined) return;
    // The server's own word on my cursor; the coalesced event only tells it again, a little later.
    const room = withCursors(entry.room, [{ userUid: meUid, readSeq: result.value.readSeq }]);
    if (room !== entry.room) rooms.update((state) => withRoom(state, { ...entry, room }));
  };

  const reportAll = (): void => {
    for (const [roomUid, seq] of seenByRoom) drop(report(roomUid, seq));
  };
  const delayed = createDelayed(deps.timers, readDelayMs, reportAll);
  const retry = createDelayed(deps.timers, retryDelayMs, reportAll);

  return {
    rowSeen: (roomUid, seq) => {
      if (seq <= Math.max(seenByRoom.get(roomUid) ?? 0, cursorOf(roomUid))) return;
      seenByRoom.set(roomUid, seq);
      delayed.request();
    },
    resume: () => {
      if (seenByRoom.size > 0) delayed.request();
    },
    stop: () => {
      delayed.cancel();
      retry.cancel();
    },
  };
};
