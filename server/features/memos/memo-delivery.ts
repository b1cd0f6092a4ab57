/** Delivering memos: at once, or at their time, also if the server was away then. */
import { toUser } from '../../gateway/delivery.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { createDueWork } from '../due-work.ts';
import type { DueWork } from '../due-work.ts';
import type { Clock, FeatureDatabase, Unit } from '../feature-types.ts';
import { countUnread, deleteMemos, listDue, listReaders, markSent, nextDue } from './memo-store.ts';
import type { MemoRow } from './memo-store.ts';

/** Gives a memo to its readers; the events tell them, and every browser of the sender. */
export async function deliverMemo(unit: Unit, memo: MemoRow, now: number): Promise<Delivery[]> {
  await markSent(unit, memo.id, now);
  const readers = await listReaders(unit.db, memo.id);
  const unreadById = await countUnread(
    unit.db,
    readers.map((reader) => reader.user_id),
  );
  const place = { memoUid: memo.uid, senderUid: memo.sender_uid, sentAt: now };
  return [
    toUser(memo.sender_uid, 'memo:changed', { memoUid: memo.uid }),
    ...readers
      // an account that was deleted meanwhile gets nothing
      .filter((reader) => reader.is_deleted === 0)
      .map((reader) =>
        toUser(reader.uid, 'memo:received', { ...place, unread: unreadById.get(reader.user_id) ?? 0 }),
      ),
  ];
}

export type ScheduledMemosDeps = {
  database: FeatureDatabase;
  clock: Clock;
  onBug: (error: unknown) => void;
};

/** Delivered in one unit; the rest waits for the next one. */
const sliceSize = 20;

export function createScheduledMemos({ database, clock, onBug }: ScheduledMemosDeps): DueWork {
  const deliverDue = async (unit: Unit, memo: MemoRow, now: number): Promise<Delivery[]> => {
    const sender = await unit.db
      .selectFrom('users')
      .select('state')
      .where('id', '=', memo.sender_id)
      .executeTakeFirst();
    if (sender?.state === 'active') return deliverMemo(unit, memo, now);
    // nobody speaks for an account that is not in use any more
    await deleteMemos(unit, [memo.id]);
    return [];
  };

  const deliverSlice = (): Promise<boolean> =>
    database.write(async (unit) => {
      const now = clock.now();
      const due = await listDue(unit.db, now, sliceSize);
      const events: Delivery[] = [];
      for (const memo of due) events.push(...(await deliverDue(unit, memo, now)));
      return { value: due.length === sliceSize, events };
    });

  return createDueWork({
    clock,
    onBug,
    // asked first: most looks find nothing, and cost no write then
    doSome: async (now) => (await listDue(database.read, now, 1)).length > 0 && deliverSlice(),
    next: () => nextDue(database.read),
  });
}
