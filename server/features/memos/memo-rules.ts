/** What holds for memos, without a database. */
import { createHash } from 'node:crypto';
import type { ErrorCode } from '#contract/error-codes.ts';
import { limits } from '#contract/limits.ts';

const dayMs = 24 * 60 * 60_000;

/** `userUid.version.fp` in its parts; `key` is what is left of it without the person. */
export function entryParts(entry: string): { userUid: string; key: string } {
  const dot = entry.indexOf('.');
  return { userUid: entry.slice(0, dot), key: entry.slice(dot + 1) };
}

/** Whether readers are as a client must spell them: ascending bytewise, one entry a person, the sender not among them. */
export function areReadersInOrder(senderUid: string, entries: readonly string[]): boolean {
  // code units and bytes sort alike, because entries are ASCII
  const isAscending = entries.every((entry, index) => index === 0 || (entries[index - 1] ?? '') < entry);
  const uids = new Set(entries.map((entry) => entryParts(entry).userUid));
  return isAscending && uids.size === entries.length && !uids.has(senderUid);
}

/** What a memo's key is bound to instead of a long list (docs/e2e-protocol.md section 5). */
export const readersHash = (entries: readonly string[]): string =>
  createHash('sha256')
    .update(`maru/1|readers|${entries.join(',')}`)
    .digest('base64url');

/** Why a memo cannot be delivered then, or null. */
export function timeProblem(deliverAt: number, now: number): ErrorCode | null {
  if (deliverAt <= now) return 'MEMO_TIME_PASSED';
  return deliverAt > now + limits.memoDaysMax * dayMs ? 'MEMO_TIME_TOO_FAR' : null;
}
