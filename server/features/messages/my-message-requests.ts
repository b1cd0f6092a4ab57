/** Messages on one person's own lists: saved for later, and hidden from oneself. */
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { readableMessage } from './message-change.ts';

type ListName = 'saved' | 'hidden';
type ListChange = {
  kind: ListName;
  key: string;
  /** Null where nothing is left of it. */
  roomId: number | null;
  value: { roomUid: string; seq: number; at: number } | null;
};

export type MyMessageDeps = {
  database: FeatureDatabase;
  /** The person's own items; of the composition root. */
  putItems: (
    unit: Unit,
    who: { userId: number; userUid: string },
    changes: readonly ListChange[],
  ) => Promise<Delivery>;
  hasItem: (db: Read, userId: number, kind: ListName, key: string) => Promise<boolean>;
  countItems: (db: Read, userId: number, kind: ListName) => Promise<number>;
};

const most = { saved: limits.savedMessagesMax, hidden: limits.hiddenMessagesMax } as const;

export function createMyMessageRequests(
  deps: MyMessageDeps,
): Pick<RequestHandlers, 'message:save' | 'message:hide'> {
  const put = (
    { caller, now }: SessionContext,
    kind: ListName,
    place: { roomUid: string; message: string },
    isOn: boolean,
  ) =>
    deps.database.write(async (unit) => {
      const key = place.message;
      const isThere = await deps.hasItem(unit.db, caller.userId, kind, key);
      if (!isOn) {
        // one's own list: what is on it is taken off wherever its room is, also one that was left meanwhile
        const change = { kind, key, roomId: null, value: null };
        return { value: {}, events: isThere ? [await deps.putItems(unit, caller, [change])] : [] };
      }
      const found = await readableMessage(unit.db, caller.userId, place);
      if (isThere) return { value: {}, events: [] };
      if ((await deps.countItems(unit.db, caller.userId, kind)) >= most[kind]) {
        throw new AppError('LIST_FULL');
      }
      const value = { roomUid: place.roomUid, seq: found.message.seq, at: now };
      const change = { kind, key, roomId: found.room.id, value };
      return { value: {}, events: [await deps.putItems(unit, caller, [change])] };
    });
  return {
    'message:save': (context, { isSaved, ...place }) => put(context, 'saved', place, isSaved),
    'message:hide': (context, { isHidden, ...place }) => put(context, 'hidden', place, isHidden),
  };
}
