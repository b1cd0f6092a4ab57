/** Rows of memos and of their readers. `key` is an entry without its person, so that a tombstone's uid is in no text. */
import type { Selectable } from 'kysely';
import type { MemosTable, MemoReadersTable } from '../../database/tables.ts';
import type { Read, Unit } from '../feature-types.ts';

export type MemoRow = Selectable<MemosTable> & { sender_uid: string };
export type ReaderRow = Selectable<MemoReadersTable>;

/** Where the page before ended. */
export type MemoCursor = { at: number; after: string };

const memoQuery = (db: Read) =>
  db
    .selectFrom('memos')
    .innerJoin('users', 'users.id', 'memos.sender_id')
    .selectAll('memos')
    .select('users.uid as sender_uid');

export const findMemo = (db: Read, uid: string): Promise<MemoRow | undefined> =>
  memoQuery(db).where('memos.uid', '=', uid).executeTakeFirst();

export const findReader = (db: Read, memoId: number, userId: number): Promise<ReaderRow | undefined> =>
  db
    .selectFrom('memo_readers')
    .selectAll()
    .where('memo_id', '=', memoId)
    .where('user_id', '=', userId)
    .executeTakeFirst();

/** Delivered memos of one reader, newest first. */
export async function listInbox(
  db: Read,
  userId: number,
  cursor: MemoCursor | null,
  limit: number,
): Promise<{ memo: MemoRow; reader: ReaderRow }[]> {
  let query = db
    .selectFrom('memo_readers')
    .innerJoin('memos', 'memos.id', 'memo_readers.memo_id')
    .select(['memo_readers.memo_id', 'memos.uid'])
    .where('memo_readers.user_id', '=', userId)
    .where('memo_readers.is_deleted', '=', 0)
    .where('memo_readers.sent_at', 'is not', null);
  if (cursor !== null) {
    query = query.where((where) =>
      where.or([
        where('memo_readers.sent_at', '<', cursor.at),
        where.and([where('memo_readers.sent_at', '=', cursor.at), where('memos.uid', '<', cursor.after)]),
      ]),
    );
  }
  const places = await query
    .orderBy('memo_readers.sent_at', 'desc')
    .orderBy('memos.uid', 'desc')
    .limit(limit)
    .execute();
  const ids = places.map((place) => place.memo_id);
  if (ids.length === 0) return [];
  const memos = await memoQuery(db).where('memos.id', 'in', ids).execute();
  const readers = await db
    .selectFrom('memo_readers')
    .selectAll()
    .where('memo_id', 'in', ids)
    .where('user_id', '=', userId)
    .execute();
  return ids.flatMap((id) => {
    const memo = memos.find((row) => row.id === id);
    const reader = readers.find((row) => row.memo_id === id);
    return memo === undefined || reader === undefined ? [] : [{ memo, reader }];
  });
}

/** What a person sent, newest first. */
export function listSent(
  db: Read,
  userId: number,
  cursor: MemoCursor | null,
  limit: number,
): Promise<MemoRow[]> {
  let query = memoQuery(db)
    .where('memos.sender_id', '=', userId)
    .where('memos.is_deleted', '=', 0)
    .where('memos.sent_at', 'is not', null);
  if (cursor !== null) {
    query = query.where((where) =>
      where.or([
        where('memos.sent_at', '<', cursor.at),
        where.and([where('memos.sent_at', '=', cursor.at), where('memos.uid', '<', cursor.after)]),
      ]),
    );
  }
  return query.orderBy('memos.sent_at', 'desc').orderBy('memos.uid', 'desc').limit(limit).execute();
}

/** What a person sends later, the next one first. */
export function listScheduled(
  db: Read,
  userId: number,
  cursor: MemoCursor | null,
  limit: number,
): Promise<MemoRow[]> {
  let query = memoQuery(db).where('memos.sender_id', '=', userId).where('memos.sent_at', 'is', null);
  if (cursor !== null) {
    query = query.where((where) =>
      where.or([
        where('memos.deliver_at', '>', cursor.at),
        where.and([where('memos.deliver_at', '=', cursor.at), where('memos.uid', '>', cursor.after)]),
      ]),
    );
  }
  return query.orderBy('memos.deliver_at').orderBy('memos.uid').limit(limit).execute();
}

export async function countScheduled(db: Read, userId: number): Promise<number> {
  const row = await db
    .selectFrom('memos')
    .select((select) => select.fn.countAll<number>().as('waiting'))
    .where('sender_id', '=', userId)
    .where('sent_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.waiting;
}

/** Everybody a memo goes to, in the order of their entries. */
export const listReaders = (db: Read, memoId: number): Promise<(ReaderRow & { uid: string })[]> =>
  db
    .selectFrom('memo_readers')
    .innerJoin('users', 'users.id', 'memo_readers.user_id')
    .selectAll('memo_readers')
    .select('users.uid')
    .where('memo_id', '=', memoId)
    .orderBy('users.uid')
    .execute();

export type Outcome = Pick<ReaderRow, 'memo_id' | 'read_at' | 'recalled_at'> & { uid: string };

/** What became of memos at their readers, in the order of their entries. */
export async function listOutcomes(db: Read, memoIds: readonly number[]): Promise<Outcome[]> {
  if (memoIds.length === 0) return [];
  return db
    .selectFrom('memo_readers')
    .innerJoin('users', 'users.id', 'memo_readers.user_id')
    .select(['memo_id', 'read_at', 'recalled_at', 'users.uid'])
    .where('memo_id', 'in', memoIds)
    .orderBy('users.uid')
    .execute();
}

/** How many memos these people have not opened; nobody is left out. */
export async function countUnread(db: Read, userIds: readonly number[]): Promise<Map<number, number>> {
  const counts = new Map(userIds.map((id) => [id, 0]));
  if (userIds.length === 0) return counts;
  const rows = await db
    .selectFrom('memo_readers')
    .select((select) => ['user_id', select.fn.countAll<number>().as('unread')])
    .where('user_id', 'in', userIds)
    .where('sent_at', 'is not', null)
    .where('read_at', 'is', null)
    .where('recalled_at', 'is', null)
    .where('is_deleted', '=', 0)
    .groupBy('user_id')
    .execute();
  for (const row of rows) counts.set(row.user_id, row.unread);
  return counts;
}

export type NewMemo = Omit<
  Selectable<MemosTable>,
  'id' | 'sent_at' | 'recalled_at' | 'is_deleted' | 'deliver_at'
> & { deliver_at: number | null };

/** Stores a memo that nobody has got yet; gives its id. */
export async function insertMemo(
  { db }: Unit,
  memo: NewMemo,
  readers: readonly { userId: number; key: string; wrap: string }[],
): Promise<number> {
  const { id } = await db.insertInto('memos').values(memo).returning('id').executeTakeFirstOrThrow();
  const rows = readers.map(({ userId, key, wrap }) => ({ memo_id: id, user_id: userId, key, wrap }));
  await db.insertInto('memo_readers').values(rows).execute();
  return id;
}

/** Everybody gets it now. */
export async function markSent({ db }: Unit, memoId: number, sentAt: number): Promise<void> {
  await db.updateTable('memos').set({ sent_at: sentAt, deliver_at: null }).where('id', '=', memoId).execute();
  await db.updateTable('memo_readers').set({ sent_at: sentAt }).where('memo_id', '=', memoId).execute();
}

export async function setDeliverAt({ db }: Unit, memoId: number, deliverAt: number): Promise<void> {
  await db.updateTable('memos').set({ deliver_at: deliverAt }).where('id', '=', memoId).execute();
}

export async function markRead({ db }: Unit, reader: ReaderRow, readAt: number): Promise<void> {
  await db
    .updateTable('memo_readers')
    .set({ read_at: readAt })
    .where('memo_id', '=', reader.memo_id)
    .where('user_id', '=', reader.user_id)
    .execute();
}

/** Takes a memo back from everybody who has not opened it; their keys to it go. */
export async function recallUnread({ db }: Unit, memoId: number, recalledAt: number): Promise<void> {
  await db
    .updateTable('memo_readers')
    .set({ recalled_at: recalledAt, wrap: null })
    .where('memo_id', '=', memoId)
    .where('read_at', 'is', null)
    .where('recalled_at', 'is', null)
    .execute();
  await db.updateTable('memos').set({ recalled_at: recalledAt }).where('id', '=', memoId).execute();
}

export async function setReaderKey(
  { db }: Unit,
  reader: ReaderRow,
  key: string,
  wrap: string,
): Promise<void> {
  await db
    .updateTable('memo_readers')
    .set({ key, wrap })
    .where('memo_id', '=', reader.memo_id)
    .where('user_id', '=', reader.user_id)
    .execute();
}

/** It is not in this reader's box any more. */
export async function hideFromReader({ db }: Unit, memoId: number, userId: number): Promise<void> {
  await db
    .updateTable('memo_readers')
    .set({ is_deleted: 1, wrap: null })
    .where('memo_id', '=', memoId)
    .where('user_id', '=', userId)
    .execute();
}

/** It is not in the sender's box any more. */
export async function hideFromSender({ db }: Unit, memoId: number): Promise<void> {
  await db.updateTable('memos').set({ is_deleted: 1, sender_wrap: null }).where('id', '=', memoId).execute();
}

/** Gone for good, from everybody. */
export async function deleteMemos({ db }: Unit, memoIds: readonly number[]): Promise<void> {
  if (memoIds.length === 0) return;
  await db.deleteFrom('memo_readers').where('memo_id', 'in', memoIds).execute();
  await db.deleteFrom('memos').where('id', 'in', memoIds).execute();
}

/** What nobody can open any more loses its content, and what is in nobody's box is gone for good. */
export async function tidyMemo(unit: Unit, memoId: number): Promise<void> {
  const memo = await unit.db
    .selectFrom('memos')
    .select(['is_deleted', 'body'])
    .where('id', '=', memoId)
    .executeTakeFirst();
  if (memo === undefined || memo.is_deleted === 0) return;
  const left = await unit.db
    .selectFrom('memo_readers')
    .select('wrap')
    .where('memo_id', '=', memoId)
    .where('is_deleted', '=', 0)
    .execute();
  if (left.length === 0) await deleteMemos(unit, [memoId]);
  else if (memo.body !== null && left.every(({ wrap }) => wrap === null)) {
    await unit.db.updateTable('memos').set({ body: null }).where('id', '=', memoId).execute();
  }
}

/** Scheduled memos whose time has come, the earliest first. */
export const listDue = (db: Read, now: number, limit: number): Promise<MemoRow[]> =>
  memoQuery(db)
    .where('memos.sent_at', 'is', null)
    .where('memos.deliver_at', '<=', now)
    .orderBy('memos.deliver_at')
    .orderBy('memos.id')
    .limit(limit)
    .execute();

/** When the next scheduled memo is due. */
export async function nextDue(db: Read): Promise<number | null> {
  const row = await db
    .selectFrom('memos')
    .select('deliver_at')
    .where('sent_at', 'is', null)
    .where('deliver_at', 'is not', null)
    .orderBy('deliver_at')
    .limit(1)
    .executeTakeFirst();
  return row?.deliver_at ?? null;
}

/** Memos that a person sent or got. */
export async function listIdsOf(db: Read, userId: number): Promise<{ sent: number[]; received: number[] }> {
  const sent = await db.selectFrom('memos').select('id').where('sender_id', '=', userId).execute();
  const received = await db
    .selectFrom('memo_readers')
    .select('memo_id')
    .where('user_id', '=', userId)
    .execute();
  return { sent: sent.map(({ id }) => id), received: received.map(({ memo_id: id }) => id) };
}
