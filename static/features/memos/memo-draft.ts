/** A memo that is being written. It is kept like a room's draft: sealed in this browser, over reloads. No DOM. */
import { timeOf } from '../../ui/day-time.ts';
import { limits } from '#contract/limits.ts';

export type MemoDraft = {
  /** Of the memo that it will be: sending it again after a lost answer sends it once. */
  memoUid: string;
  readerUids: readonly string[];
  text: string;
  /** `YYYY-MM-DD` and `HH:MM` of the browser's time zone; null: at once. */
  later: { date: string; time: string } | null;
};

/** Under which name the drafts of this browser keep it; `answerTo` is the memo that it answers. */
export const draftName = (answerTo: string | null): string =>
  answerTo === null ? 'memo' : `memo.${answerTo}`;

export const writeDraft = (draft: MemoDraft): string =>
  draft.text.trim() === '' && draft.readerUids.length === 0 ? '' : JSON.stringify(draft);

/** What was kept, or null where there is nothing of that form. */
export function readDraft(kept: string | undefined): MemoDraft | null {
  if (kept === undefined || kept === '') return null;
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== 'object' || value === null) return null;
    const { memoUid, readerUids, text, later } = {
      memoUid: '',
      readerUids: [],
      text: '',
      later: null,
      ...value,
    };
    if (typeof memoUid !== 'string' || typeof text !== 'string' || !Array.isArray(readerUids)) return null;
    const uids = readerUids.filter((uid: unknown): uid is string => typeof uid === 'string');
    return { memoUid, readerUids: uids, text, later: readLater(later) };
  } catch {
    return null;
  }
}

function readLater(value: unknown): MemoDraft['later'] {
  if (typeof value !== 'object' || value === null) return null;
  const { date, time } = { date: '', time: '', ...value };
  return typeof date === 'string' && typeof time === 'string' ? { date, time } : null;
}

export type DraftProblem = 'needReaders' | 'tooManyReaders' | 'needText' | 'tooLong' | 'needTime';

const dayMs = 24 * 60 * 60_000;

/** When it is to go (null: at once), or what is still missing. */
export function finishDraft(
  { readerUids, text, later }: MemoDraft,
  now: number,
): { ok: true; deliverAt: number | null } | { ok: false; problem: DraftProblem } {
  if (readerUids.length === 0) return { ok: false, problem: 'needReaders' };
  if (readerUids.length > limits.memoReadersMax) return { ok: false, problem: 'tooManyReaders' };
  if (text.trim() === '') return { ok: false, problem: 'needText' };
  if (text.length > limits.messageTextMax) return { ok: false, problem: 'tooLong' };
  if (later === null) return { ok: true, deliverAt: null };
  const deliverAt = timeOf(later);
  const isPossible =
    deliverAt !== null && deliverAt > now + 1_000 && deliverAt <= now + limits.memoDaysMax * dayMs;
  return isPossible ? { ok: true, deliverAt } : { ok: false, problem: 'needTime' };
}

/** The text of a memo in another one: quoted, as letters do it. */
export const quoteText = (heading: string, text: string): string =>
  `\n\n${heading}\n${text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')}`;
