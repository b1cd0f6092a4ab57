/** My own settings of rooms. What changes comes back as an event, for this browser as for my others. */
import type { MyRoomChange } from '#contract/my-items.ts';
import type { Call } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { MyRoomReading, MyState } from './my-state.ts';

export type MyRoomActions = {
  change: (roomUid: string, change: MyRoomChange) => Promise<Result<void>>;
  /** My favourites, all of them, in this order. */
  orderFavourites: (roomUids: readonly string[]) => Promise<Result<void>>;
};

export const createMyRoomActions = (deps: {
  call: Call;
  my: ReadableStore<MyState>;
  lastSeqOf: (roomUid: string) => number;
}): MyRoomActions & MyRoomReading => {
  const { call, my } = deps;
  /** The mark that was there when the room was opened. */
  let opened: { roomUid: string; unreadFrom: number } | null = null;
  let isClearing = false;

  const isDone = async (asked: Promise<Result<unknown>>): Promise<Result<void>> => {
    const result = await asked;
    return result.ok ? succeed(undefined) : result;
  };
  const change: MyRoomActions['change'] = (roomUid, wanted) => {
    // The same mark once more, while the room is open, is a new one.
    if (opened?.roomUid === roomUid && wanted.unreadFrom !== undefined) opened = null;
    return isDone(call('my:set-room', { roomUid, ...wanted }));
  };
  const clearMark = async (roomUid: string): Promise<void> => {
    isClearing = true;
    const result = await call('my:set-room', { roomUid, unreadFrom: null });
    isClearing = false;
    // Without a connection the next row that is seen asks again.
    if ((result.ok || !result.isRetryable) && opened?.roomUid === roomUid) opened = null;
  };

  return {
    change,
    orderFavourites: (roomUids) => isDone(call('my:set-favourites', { roomUids: [...roomUids] })),
    opened: (roomUid) => {
      const { unreadFrom, hiddenSeq } = my.get().rooms.get(roomUid) ?? {};
      opened = unreadFrom === undefined ? null : { roomUid, unreadFrom };
      // Where that fails it is not lost: the room is in the list while it is open, and can be opened again.
      if (hiddenSeq !== undefined) drop(call('my:set-room', { roomUid, hiddenSeq: null }));
    },
    seen: (roomUid, seq) => {
      if (opened === null || opened.roomUid !== roomUid || isClearing) return;
      if (my.get().rooms.get(roomUid)?.unreadFrom !== opened.unreadFrom) opened = null;
      else if (seq >= deps.lastSeqOf(roomUid)) drop(clearMark(roomUid));
    },
  };
};
