/** Everything that is done with memos. Only their page calls these; they come with it. */
import type { Memo, MemoBox, MemoReceipt } from '#contract/memos.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, MemoRow } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { Clock } from '../../state/clock.ts';
import type { PeopleState } from '../people/person-state.ts';
import type { MemoContent, MemoEntry } from './memo-state.ts';
import { placeOf } from './memo-state.ts';

export type NewMemo = {
  /** Of the draft: a memo whose answer was lost is not sent twice. */
  memoUid: string;
  readerUids: readonly string[];
  text: string;
  deliverAt: number | null;
};

export type MemoActions = {
  /** A page of a box, behind this memo. */
  list: (box: MemoBox, after: Memo | null) => Promise<Result<{ entries: MemoEntry[]; hasMore: boolean }>>;
  /** `receipts` for the sender. */
  get: (memoUid: string) => Promise<Result<{ entry: MemoEntry; receipts: readonly MemoReceipt[] | null }>>;
  /** Opens a memo: from now on its sender knows. */
  open: (memoUid: string) => Promise<Result<MemoEntry>>;
  /** `isAsWritten` false: an earlier attempt had arrived, and what was changed since did not go. */
  send: (memo: NewMemo) => Promise<Result<{ isAsWritten: boolean }>>;
  recall: (memoUid: string) => Promise<Result<MemoEntry>>;
  remove: (memoUid: string) => Promise<Result<unknown>>;
  reschedule: (memoUid: string, deliverAt: number) => Promise<Result<unknown>>;
};

export type MemoDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'sealMemo' | 'openMemos' | 'shareMemo'>;
  people: ReadableStore<PeopleState>;
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
  clock: Clock;
};

export function createMemoActions(deps: MemoDeps): MemoActions {
  const { call, crypto, people, ensurePeople, clock } = deps;

  const rowOf = (memo: Memo): MemoRow | null => {
    const { body, wrap, memoUid, senderUid, sender, readersHash, wrapFor } = memo;
    if (body === null || wrap === null) return null;
    const senderName = people.get().byUid.get(senderUid)?.displayName ?? '';
    return { memoUid, senderUid, sender, readersHash, wrapFor, body, wrap, senderName };
  };

  const toEntries = async (memos: readonly Memo[]): Promise<MemoEntry[]> => {
    await ensurePeople(memos.flatMap(({ senderUid, readerUids = [] }) => [senderUid, ...readerUids]));
    const rows = memos.flatMap((memo) => rowOf(memo) ?? []);
    const results = rows.length === 0 ? succeed([]) : await tryCrypto(() => crypto.openMemos(rows));
    const contents = new Map<string, MemoContent>();
    rows.forEach(({ memoUid }, index) => {
      const result = results.ok ? results.value[index] : results;
      contents.set(memoUid, contentOf(result));
    });
    const named = [...contents.values()].flatMap((content) =>
      content.state === 'open' ? content.readerUids : [],
    );
    await ensurePeople(named);
    return memos.map((memo) => ({ memo, content: contents.get(memo.memoUid) ?? withoutContent(memo) }));
  };
  const toEntry = async (memo: Memo): Promise<MemoEntry> =>
    (await toEntries([memo]))[0] ?? { memo, content: withoutContent(memo) };

  /** Readers whose identity is newer than their key get it again; whoever is not confirmed here has to wait. */
  const heal = async (memo: Memo, receipts: readonly MemoReceipt[]): Promise<void> => {
    const row = rowOf(memo);
    if (row === null) return;
    for (const { userUid, entry, recalledAt } of receipts) {
      const version = people.get().byUid.get(userUid)?.identityVersion ?? 0;
      if (recalledAt !== null || version <= Number(entry.split('.')[1])) continue;
      const shared = await tryCrypto(() => crypto.shareMemo({ row, reader: { userUid, version } }));
      if (shared.ok) await call('memo:share', { memoUid: memo.memoUid, ...shared.value });
    }
  };

  const send: MemoActions['send'] = async ({ memoUid, readerUids, text, deliverAt }) => {
    await ensurePeople(readerUids);
    const { byUid } = people.get();
    const readers = readerUids.flatMap((uid) => byUid.get(uid) ?? []);
    if (readers.length < readerUids.length) return fail('OFFLINE');
    const gone = readers.find(({ state }) => state !== 'active');
    if (gone !== undefined) return fail('PERSON_DISABLED', { subject: gone.userUid });
    const named = readers.map(({ userUid, displayName, identityVersion: version }) => ({
      userUid,
      displayName,
      version,
    }));
    const sealed = await tryCrypto(() => crypto.sealMemo({ memoUid, readers: named, text, at: clock.now() }));
    if (!sealed.ok) return sealed;
    const input = { memoUid, ...sealed.value, ...(deliverAt === null ? {} : { deliverAt }) };
    const result = await call('memo:send', input);
    if (!result.ok) return result;
    const stored = result.value.memo;
    if (stored.body === sealed.value.body) return succeed({ isAsWritten: true });
    // an earlier attempt of this draft was stored, and its answer was lost
    const { content } = await toEntry(stored);
    const isSameTime = (stored.deliverAt ?? null) === deliverAt;
    const isSame = content.state === 'open' && content.text === text && isSameList(content, readerUids);
    return succeed({ isAsWritten: isSame && isSameTime });
  };

  return {
    list: async (box, after) => {
      const place = after === null ? {} : { at: placeOf(after), after: after.memoUid };
      const result = await call('memo:list', { box, ...place });
      if (!result.ok) return result;
      return succeed({ entries: await toEntries(result.value.memos), hasMore: result.value.hasMore });
    },
    get: async (memoUid) => {
      const result = await call('memo:get', { memoUid });
      if (!result.ok) return result;
      const { memo, receipts } = result.value;
      if (receipts !== null) {
        await ensurePeople(receipts.map(({ userUid }) => userUid));
        drop(heal(memo, receipts));
      }
      return succeed({ entry: await toEntry(memo), receipts });
    },
    open: async (memoUid) => {
      const result = await call('memo:read', { memoUid });
      return result.ok ? succeed(await toEntry(result.value.memo)) : result;
    },
    send,
    recall: async (memoUid) => {
      const result = await call('memo:recall', { memoUid });
      return result.ok ? succeed(await toEntry(result.value.memo)) : result;
    },
    remove: async (memoUid) => {
      const result = await call('memo:delete', { memoUid });
      // gone already, from another browser or with an answer that was lost
      return !result.ok && result.code === 'NOT_FOUND' ? succeed(undefined) : result;
    },
    reschedule: (memoUid, deliverAt) => call('memo:reschedule', { memoUid, deliverAt }),
  };
}

const isSameList = ({ readerUids }: { readerUids: readonly string[] }, uids: readonly string[]): boolean =>
  readerUids.length === uids.length && uids.every((uid) => readerUids.includes(uid));

const withoutContent = ({ recalledAt }: Memo): MemoContent =>
  recalledAt === undefined ? { state: 'closed' } : { state: 'recalled' };

type Opened = Awaited<ReturnType<CryptoEngine['openMemos']>>[number];

function contentOf(result: Opened | Extract<Result<unknown>, { ok: false }> | undefined): MemoContent {
  if (result === undefined) return { state: 'unreadable', reason: 'NO_KEY' };
  if (!result.ok) return { state: 'unreadable', reason: 'reason' in result ? result.reason : result.code };
  const { text, at, readers } = result.value;
  const readerUids = readers.map(({ userUid }) => userUid);
  return { state: 'open', text, at, readerUids, isSenderConfirmed: result.isSenderConfirmed };
}
