/** Memos: sending, opening, taking back, putting away. The server never sees what they say. */
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { Memo, MemoReceipt } from '#contract/memos.ts';
import { AppError } from '../../app-error.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { Caller, RequestHandlers } from '../../gateway/handler.ts';
import type { DueWork } from '../due-work.ts';
import type { CleanUpUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { deliverMemo } from './memo-delivery.ts';
import { namedPeople } from './memo-people.ts';
import { areReadersInOrder, entryParts, readersHash, timeProblem } from './memo-rules.ts';
import {
  countScheduled,
  countUnread,
  deleteMemos,
  findMemo,
  hideFromReader,
  hideFromSender,
  insertMemo,
  listIdsOf,
  listInbox,
  listReaders,
  listScheduled,
  listSent,
  markRead,
  recallUnread,
  setDeliverAt,
  setReaderKey,
  tidyMemo,
} from './memo-store.ts';
import type { MemoRow, ReaderRow } from './memo-store.ts';
import {
  memoForReader,
  memoForSender,
  memosForSender,
  ownMemo,
  receiptsOf,
  sentMemo,
  toReceipt,
} from './memo-view.ts';

export type MemoDeps = { database: FeatureDatabase; scheduled: Pick<DueWork, 'expect'> };

type MemoRequestName =
  | 'memo:send'
  | 'memo:list'
  | 'memo:get'
  | 'memo:read'
  | 'memo:recall'
  | 'memo:delete'
  | 'memo:reschedule'
  | 'memo:share';

/** How many memos a person has not opened. */
export const unreadMemos = async (db: Read, userId: number): Promise<number> =>
  (await countUnread(db, [userId])).get(userId) ?? 0;

/** Stores a memo as its sender handed it in. */
async function storeMemo(
  unit: Unit,
  { userId, userUid }: Caller,
  input: ValidInput<'memo:send'>,
  now: number,
): Promise<MemoRow> {
  const { memoUid, sender, senderWrap, readers, body, deliverAt = null } = input;
  const entries = readers.map(({ entry }) => entry);
  if (!areReadersInOrder(userUid, entries)) throw new AppError('INVALID_INPUT', { field: 'readers' });
  if (entryParts(sender).userUid !== userUid) throw new AppError('INVALID_INPUT', { field: 'sender' });
  const [me, ...people] = await namedPeople(unit.db, [sender, ...entries]);
  if (deliverAt !== null) {
    const problem = timeProblem(deliverAt, now);
    if (problem !== null) throw new AppError(problem, { field: 'deliverAt' });
    if ((await countScheduled(unit.db, userId)) >= limits.memosScheduledMax) throw new AppError('LIST_FULL');
  }
  const memo = {
    uid: memoUid,
    sender_id: userId,
    sender_key: me?.key ?? '',
    readers_hash: readersHash(entries),
    body,
    sender_wrap: senderWrap,
    made_at: now,
    deliver_at: deliverAt,
  };
  const wraps = people.map((person, index) => ({ ...person, wrap: readers[index]?.wrap ?? '' }));
  await insertMemo(unit, memo, wraps);
  return storedMemo(unit.db, memoUid);
}

async function storedMemo(db: Read, memoUid: string): Promise<MemoRow> {
  const memo = await findMemo(db, memoUid);
  if (memo === undefined) throw new Error('A memo is missing.');
  return memo;
}

/** What a reader's own browsers are told, and the sender's. */
const receiptEvents = (
  memo: MemoRow,
  reader: { userUid: string; unread: number },
  receipt: MemoReceipt,
): Delivery[] => [
  toUser(reader.userUid, 'memo:changed', { memoUid: memo.uid, unread: reader.unread }),
  toUser(memo.sender_uid, 'memo:changed', { memoUid: memo.uid, receipt }),
];

/** Opens a memo; the first time is what the sender learns of. */
async function openMemo(unit: Unit, { userId, userUid }: Caller, memoUid: string, now: number) {
  const { memo, reader } = await ownMemo(unit.db, userId, memoUid);
  if (reader === null) throw new AppError('FORBIDDEN');
  if (reader.recalled_at !== null) throw new AppError('MEMO_RECALLED');
  if (reader.read_at !== null) {
    const value = { memo: memoForReader(memo, reader, userUid), unread: await unreadMemos(unit.db, userId) };
    return { value, events: [] };
  }
  await markRead(unit, reader, now);
  const opened: ReaderRow = { ...reader, read_at: now };
  const unread = await unreadMemos(unit.db, userId);
  return {
    value: { memo: memoForReader(memo, opened, userUid), unread },
    events: receiptEvents(memo, { userUid, unread }, toReceipt(opened, userUid)),
  };
}

/** Takes a memo back from whoever has not opened it. */
async function recallMemo(unit: Unit, caller: Caller, memoUid: string, now: number) {
  const memo = await sentMemo(unit.db, caller.userId, memoUid);
  if (memo.sent_at === null) throw new AppError('NOT_FOUND', { field: 'memoUid' });
  const before = await listReaders(unit.db, memo.id);
  const taken = before.filter((reader) => reader.read_at === null && reader.recalled_at === null);
  if (taken.length === 0) return { value: { memo: await memoForSender(unit.db, memo) }, events: [] };
  await recallUnread(unit, memo.id, now);
  const unreadById = await countUnread(
    unit.db,
    taken.map((reader) => reader.user_id),
  );
  const events = taken
    .filter((reader) => reader.is_deleted === 0)
    .map((reader) =>
      toUser(reader.uid, 'memo:changed', { memoUid, unread: unreadById.get(reader.user_id) ?? 0 }),
    );
  const value = { memo: await memoForSender(unit.db, await storedMemo(unit.db, memoUid)) };
  return { value, events: [toUser(caller.userUid, 'memo:changed', { memoUid }), ...events] };
}

/** Puts a memo out of the caller's own boxes; one that waits for its time is not delivered. */
async function deleteMemo(unit: Unit, { userId, userUid }: Caller, memoUid: string) {
  const { memo, reader } = await ownMemo(unit.db, userId, memoUid);
  if (reader === null && memo.sent_at === null) await deleteMemos(unit, [memo.id]);
  else if (reader === null) await hideFromSender(unit, memo.id);
  else await hideFromReader(unit, memo.id, userId);
  await tidyMemo(unit, memo.id);
  const unread = await unreadMemos(unit.db, userId);
  return { value: { unread }, events: [toUser(userUid, 'memo:changed', { memoUid, unread, isGone: true })] };
}

async function rescheduleMemo(unit: Unit, caller: Caller, memoUid: string, deliverAt: number, now: number) {
  const memo = await sentMemo(unit.db, caller.userId, memoUid);
  if (memo.sent_at !== null) throw new AppError('MEMO_DELIVERED');
  const problem = timeProblem(deliverAt, now);
  if (problem !== null) throw new AppError(problem, { field: 'deliverAt' });
  await setDeliverAt(unit, memo.id, deliverAt);
  const value = { memo: await memoForSender(unit.db, { ...memo, deliver_at: deliverAt }) };
  return { value, events: [toUser(caller.userUid, 'memo:changed', { memoUid })] };
}

/** A reader whose identity is new gets the key once more, from the sender alone. */
async function shareMemo(unit: Unit, caller: Caller, { memoUid, entry, wrap }: ValidInput<'memo:share'>) {
  const memo = await sentMemo(unit.db, caller.userId, memoUid);
  const { userUid, key } = entryParts(entry);
  const readers = await listReaders(unit.db, memo.id);
  const reader = readers.find(({ uid }) => uid === userUid);
  const isWithout = reader === undefined || reader.recalled_at !== null || reader.is_deleted === 1;
  if (isWithout) throw new AppError('NOT_FOUND', { field: 'entry' });
  const version = (text: string): number => Number(text.split('.')[0]);
  // a key that was withdrawn must not come back
  if (version(key) <= version(reader.key)) return { value: {}, events: [] };
  await namedPeople(unit.db, [entry]);
  await setReaderKey(unit, reader, key, wrap);
  const receipt = toReceipt({ ...reader, key }, userUid);
  return {
    value: {},
    events: [
      toUser(caller.userUid, 'memo:changed', { memoUid, receipt }),
      ...(reader.sent_at === null ? [] : [toUser(userUid, 'memo:changed', { memoUid })]),
    ],
  };
}

async function listMemos(db: Read, { userId, userUid }: Caller, input: ValidInput<'memo:list'>) {
  const { box, at, after, limit = limits.pageSize } = input;
  const cursor = at === undefined || after === undefined ? null : { at, after };
  const memos: Memo[] = [];
  if (box === 'inbox') {
    const rows = await listInbox(db, userId, cursor, limit + 1);
    memos.push(...rows.map(({ memo, reader }) => memoForReader(memo, reader, userUid)));
  } else {
    const list = box === 'sent' ? listSent : listScheduled;
    memos.push(...(await memosForSender(db, await list(db, userId, cursor, limit + 1))));
  }
  const hasMore = memos.length > limit;
  return { memos: memos.slice(0, limit), hasMore, unread: await unreadMemos(db, userId) };
}

export function createMemoRequests({
  database,
  scheduled,
}: MemoDeps): Pick<RequestHandlers, MemoRequestName> {
  return {
    async 'memo:send'({ caller, now }, input) {
      const { memoUid, deliverAt } = input;
      const answer = await database.write(async (unit) => {
        // before everything else: a repeat is answered even if somebody's account ended meanwhile
        const known = await findMemo(unit.db, memoUid);
        if (known !== undefined) {
          if (known.sender_id !== caller.userId) throw new AppError('UID_TAKEN', { field: 'memoUid' });
          return { value: { memo: await memoForSender(unit.db, known) }, events: [] };
        }
        const memo = await storeMemo(unit, caller, input, now);
        const changed = toUser(caller.userUid, 'memo:changed', { memoUid });
        const events = deliverAt === undefined ? await deliverMemo(unit, memo, now) : [changed];
        const stored = await storedMemo(unit.db, memoUid);
        return { value: { memo: await memoForSender(unit.db, stored) }, events };
      });
      if (deliverAt !== undefined) scheduled.expect(deliverAt);
      return answer;
    },

    'memo:list': ({ caller }, input) => listMemos(database.read, caller, input),

    async 'memo:get'({ caller }, { memoUid }) {
      const { memo, reader } = await ownMemo(database.read, caller.userId, memoUid);
      if (reader !== null) return { memo: memoForReader(memo, reader, caller.userUid), receipts: null };
      return {
        memo: await memoForSender(database.read, memo),
        receipts: await receiptsOf(database.read, memo.id),
      };
    },

    'memo:read': ({ caller, now }, { memoUid }) =>
      database.write((unit) => openMemo(unit, caller, memoUid, now)),

    'memo:recall': ({ caller, now }, { memoUid }) =>
      database.write((unit) => recallMemo(unit, caller, memoUid, now)),

    'memo:delete': ({ caller }, { memoUid }) => database.write((unit) => deleteMemo(unit, caller, memoUid)),

    async 'memo:reschedule'({ caller, now }, { memoUid, deliverAt }) {
      const answer = await database.write((unit) => rescheduleMemo(unit, caller, memoUid, deliverAt, now));
      scheduled.expect(deliverAt);
      return answer;
    },

    'memo:share': ({ caller }, input) => database.write((unit) => shareMemo(unit, caller, input)),
  };
}

/**
 * A deleted person's boxes are emptied and what they had scheduled is dropped. What others have of them stays, and so does
 * what their memos' senders see of who opened them.
 */
export const cleanUpMemos: CleanUpUser = async (unit, { userId }) => {
  const { sent, received } = await listIdsOf(unit.db, userId);
  const waiting = await unit.db
    .selectFrom('memos')
    .select('id')
    .where('sender_id', '=', userId)
    .where('sent_at', 'is', null)
    .execute();
  await deleteMemos(
    unit,
    waiting.map(({ id }) => id),
  );
  for (const memoId of sent) await hideFromSender(unit, memoId);
  for (const memoId of received) await hideFromReader(unit, memoId, userId);
  for (const memoId of [...sent, ...received]) await tidyMemo(unit, memoId);
  return { events: [] };
};
