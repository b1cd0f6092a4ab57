/** Memos as their sender and their readers see them. */
import { limits } from '#contract/limits.ts';
import type { Memo, MemoReceipt } from '#contract/memos.ts';
import { AppError } from '../../app-error.ts';
import type { Read } from '../feature-types.ts';
import { findMemo, findReader, listOutcomes, listReaders } from './memo-store.ts';
import type { MemoRow, Outcome, ReaderRow } from './memo-store.ts';

/** A memo that somebody has in a box: as a reader if `reader` is there, else as the sender. */
export type FoundMemo = { memo: MemoRow; reader: ReaderRow | null };

/** The one way to a memo. NOT_FOUND for everybody else, whatever the reason. */
export async function ownMemo(db: Read, userId: number, memoUid: string): Promise<FoundMemo> {
  const notFound = new AppError('NOT_FOUND', { field: 'memoUid' });
  const memo = await findMemo(db, memoUid);
  if (memo === undefined) throw notFound;
  if (memo.sender_id === userId) {
    if (memo.is_deleted === 1) throw notFound;
    return { memo, reader: null };
  }
  const reader = await findReader(db, memo.id, userId);
  if (reader === undefined || reader.sent_at === null || reader.is_deleted === 1) throw notFound;
  return { memo, reader };
}

/** A memo whose sender this person is. */
export async function sentMemo(db: Read, userId: number, memoUid: string): Promise<MemoRow> {
  const { memo, reader } = await ownMemo(db, userId, memoUid);
  if (reader !== null) throw new AppError('FORBIDDEN');
  return memo;
}

const entryOf = (userUid: string, key: string): string => `${userUid}.${key}`;

/** For a reader. What they have not opened has no content for them yet. */
export function memoForReader(memo: MemoRow, reader: ReaderRow, userUid: string): Memo {
  const isOpen = reader.read_at !== null && reader.wrap !== null;
  return {
    memoUid: memo.uid,
    box: 'inbox',
    senderUid: memo.sender_uid,
    sender: entryOf(memo.sender_uid, memo.sender_key),
    readersHash: memo.readers_hash,
    body: isOpen ? memo.body : null,
    wrap: isOpen ? reader.wrap : null,
    wrapFor: entryOf(userUid, reader.key),
    sentAt: reader.sent_at ?? memo.made_at,
    readAt: reader.read_at,
    ...(reader.recalled_at === null ? {} : { recalledAt: reader.recalled_at }),
  };
}

/** For the sender, in their order. */
export async function memosForSender(db: Read, memos: readonly MemoRow[]): Promise<Memo[]> {
  const readers = await listOutcomes(
    db,
    memos.map(({ id }) => id),
  );
  return memos.map((memo) =>
    toSent(
      memo,
      readers.filter((reader) => reader.memo_id === memo.id),
    ),
  );
}

/** For the sender. */
export async function memoForSender(db: Read, memo: MemoRow): Promise<Memo> {
  return toSent(memo, await listOutcomes(db, [memo.id]));
}

function toSent(memo: MemoRow, readers: readonly Outcome[]): Memo {
  const sender = entryOf(memo.sender_uid, memo.sender_key);
  const count = (fits: (reader: Outcome) => boolean): number => readers.filter(fits).length;
  return {
    memoUid: memo.uid,
    box: memo.sent_at === null ? 'scheduled' : 'sent',
    senderUid: memo.sender_uid,
    sender,
    readersHash: memo.readers_hash,
    body: memo.body,
    wrap: memo.sender_wrap,
    wrapFor: sender,
    sentAt: memo.sent_at ?? memo.made_at,
    ...(memo.deliver_at === null ? {} : { deliverAt: memo.deliver_at }),
    readAt: null,
    ...(memo.recalled_at === null ? {} : { recalledAt: memo.recalled_at }),
    counts: {
      readers: readers.length,
      read: count(({ read_at: at }) => at !== null),
      recalled: count(({ recalled_at: at }) => at !== null),
    },
    readerUids: readers.slice(0, limits.memoReadersNamed).map(({ uid }) => uid),
  };
}

/** What the sender is told of one reader. */
export const toReceipt = (reader: ReaderRow, userUid: string): MemoReceipt => ({
  userUid,
  entry: entryOf(userUid, reader.key),
  readAt: reader.read_at,
  recalledAt: reader.recalled_at,
});

export async function receiptsOf(db: Read, memoId: number): Promise<MemoReceipt[]> {
  return (await listReaders(db, memoId)).map((reader) => toReceipt(reader, reader.uid));
}
