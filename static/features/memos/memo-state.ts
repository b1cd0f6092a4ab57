/** Memos as this page has them: boxes, and what was opened. No DOM. */
import type { Memo, MemoBox } from '#contract/memos.ts';
import type { FailureCode } from '../../state/failure.ts';

/** What a memo says here. */
export type MemoContent =
  /** Nobody has opened it here: the server gives its content when it is opened. */
  | { state: 'closed' }
  | { state: 'recalled' }
  | { state: 'open'; text: string; at: number; readerUids: readonly string[]; isSenderConfirmed: boolean }
  | { state: 'unreadable'; reason: FailureCode };

export type MemoEntry = { memo: Memo; content: MemoContent };

export type MemoBoxState = {
  entries: readonly MemoEntry[];
  hasMore: boolean;
  /** False until its first page has come. */
  isLoaded: boolean;
  isLoading: boolean;
  failure: FailureCode | null;
};

export type MemoBoxes = Readonly<Record<MemoBox, MemoBoxState>>;

const emptyBox: MemoBoxState = {
  entries: [],
  hasMore: false,
  isLoaded: false,
  isLoading: false,
  failure: null,
};

export const emptyBoxes = (): MemoBoxes => ({ inbox: emptyBox, sent: emptyBox, scheduled: emptyBox });

/** By what a box is sorted, and where its next page begins. */
export const placeOf = ({ box, sentAt, deliverAt }: Memo): number =>
  box === 'scheduled' ? (deliverAt ?? sentAt) : sentAt;

/** As the server sorts: the newest first, of scheduled ones the next. */
function compareEntries({ memo: left }: MemoEntry, { memo: right }: MemoEntry): number {
  const difference = placeOf(left) - placeOf(right) || (left.memoUid < right.memoUid ? -1 : 1);
  return left.box === 'scheduled' ? difference : -difference;
}

/** A page that came: in place of everything, or behind what is there. */
export function withPage(
  box: MemoBoxState,
  page: { entries: readonly MemoEntry[]; hasMore: boolean },
  isFirst: boolean,
): MemoBoxState {
  const uids = new Set(page.entries.map(({ memo }) => memo.memoUid));
  const before = isFirst ? [] : box.entries.filter(({ memo }) => !uids.has(memo.memoUid));
  const entries = [...before, ...page.entries].sort(compareEntries);
  return { entries, hasMore: page.hasMore, isLoaded: true, isLoading: false, failure: null };
}

/** Takes a memo as it is now to the box where it belongs, and out of the others. */
export function withEntry(boxes: MemoBoxes, entry: MemoEntry): MemoBoxes {
  const { memoUid, box } = entry.memo;
  const others = withoutMemo(boxes, memoUid);
  const target = others[box];
  const last = target.entries[target.entries.length - 1];
  // below the end of what is loaded it comes with its page
  const isBeyond = target.hasMore && last !== undefined && compareEntries(entry, last) > 0;
  if (!target.isLoaded || isBeyond) return others;
  return { ...others, [box]: { ...target, entries: [...target.entries, entry].sort(compareEntries) } };
}

export function withoutMemo(boxes: MemoBoxes, memoUid: string): MemoBoxes {
  const without = (box: MemoBoxState): MemoBoxState => {
    const entries = box.entries.filter(({ memo }) => memo.memoUid !== memoUid);
    return entries.length === box.entries.length ? box : { ...box, entries };
  };
  return {
    inbox: without(boxes.inbox),
    sent: without(boxes.sent),
    scheduled: without(boxes.scheduled),
  };
}

export const findEntry = (boxes: MemoBoxes, memoUid: string): MemoEntry | undefined =>
  [boxes.inbox, boxes.sent, boxes.scheduled]
    .flatMap(({ entries }) => entries)
    .find(({ memo }) => memo.memoUid === memoUid);

/** A memo that came and waits to be opened. */
export const isUnread = ({ box, readAt, recalledAt }: Memo): boolean =>
  box === 'inbox' && readAt === null && recalledAt === undefined;

/** How far its own time may be off before it is shown: a scheduled memo was written earlier, a wrong clock says anything. */
const clockToleranceMs = 10 * 60_000;

/** When it was written, where that is not when it was delivered. */
export const writtenAt = ({ memo, content }: MemoEntry): number | null =>
  content.state === 'open' &&
  memo.box !== 'scheduled' &&
  Math.abs(content.at - memo.sentAt) > clockToleranceMs
    ? content.at
    : null;

/** Whom an answer goes to: the sender, or everybody but me. */
export function answerUids({ memo, content }: MemoEntry, meUid: string, isToAll: boolean): string[] {
  const readers = content.state === 'open' ? content.readerUids : [];
  const all = memo.senderUid === meUid ? readers : [memo.senderUid, ...(isToAll ? readers : [])];
  return [...new Set(all)].filter((uid) => uid !== meUid);
}
