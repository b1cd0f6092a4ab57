/**
 * Tells how far members have read: at most one event per room and 300 ms, however many people read meanwhile. A cursor per
 * message and reader would cost more than the messages themselves. Who is told follows the policy: everybody in the room; or
 * those whose own messages were read, of these messages only; or nobody but the reader's other devices.
 */
import type { Cursor } from '#contract/messages.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUser } from '../../gateway/delivery.ts';
import type { Clock, Deliver, FeatureDatabase } from '../feature-types.ts';
import { sendersOfRead } from './read-senders.ts';

const coalesceMs = 300;

/** A member's cursor, which is on the disk by now, moved from one seq to another. */
export type CursorMove = { roomId: number; roomUid: string; userUid: string; from: number; to: number };

export type CursorEvents = {
  moved: (move: CursorMove) => void;
  stop: () => void;
};

type CursorDeps = {
  database: Pick<FeatureDatabase, 'read'>;
  clock: Clock;
  deliver: Deliver;
  /** Who sees how far others have read, at present. */
  receipts: () => ReadReceipts;
  onBug: (error: unknown) => void;
};

type Moves = { roomId: number; movesByUser: Map<string, { from: number; to: number }> };

const cursorsOf = ({ movesByUser }: Moves): Cursor[] =>
  [...movesByUser].map(([userUid, { to }]) => ({ userUid, readSeq: to }));

const toReaders = (roomUid: string, moves: Moves): Delivery[] =>
  cursorsOf(moves).map((cursor) => toUser(cursor.userUid, 'cursors:moved', { roomUid, cursors: [cursor] }));

export function createCursorEvents(deps: CursorDeps): CursorEvents {
  const { clock, deliver, receipts } = deps;
  let movesByRoom = new Map<string, Moves>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function flush(): void {
    cancel = undefined;
    const rooms = movesByRoom;
    movesByRoom = new Map();
    const policy = receipts();
    if (policy === 'everyone') {
      deliver(
        [...rooms].map(([uid, moves]) =>
          toRoom(uid, 'cursors:moved', { roomUid: uid, cursors: cursorsOf(moves) }),
        ),
      );
      return;
    }
    deliver([...rooms].flatMap(([uid, moves]) => toReaders(uid, moves)));
    if (policy === 'sender') void tellSenders(rooms).catch(deps.onBug);
  }

  async function tellSenders(rooms: ReadonlyMap<string, Moves>): Promise<void> {
    for (const [roomUid, { roomId, movesByUser }] of rooms) {
      const cursorsBySender = new Map<string, Cursor[]>();
      for (const [userUid, { from, to }] of movesByUser) {
        if (isStopped) return;
        for (const { senderUid, seq } of await sendersOfRead(deps.database.read, { roomId, from, to })) {
          if (senderUid === userUid) continue;
          const cursors = cursorsBySender.get(senderUid) ?? [];
          cursorsBySender.set(senderUid, cursors);
          cursors.push({ userUid, readSeq: seq });
        }
      }
      // the policy may have become stricter meanwhile
      if (receipts() === 'off') return;
      deliver(
        [...cursorsBySender].map(([uid, cursors]) => toUser(uid, 'cursors:moved', { roomUid, cursors })),
      );
    }
  }

  return {
    moved({ roomId, roomUid, userUid, from, to }) {
      const moves: Moves = movesByRoom.get(roomUid) ?? { roomId, movesByUser: new Map() };
      movesByRoom.set(roomUid, moves);
      const known = moves.movesByUser.get(userUid);
      moves.movesByUser.set(userUid, {
        from: Math.min(from, known?.from ?? from),
        to: Math.max(to, known?.to ?? to),
      });
      cancel ??= clock.after(coalesceMs, flush);
    },
    stop() {
      isStopped = true;
      cancel?.();
      movesByRoom.clear();
    },
  };
}
