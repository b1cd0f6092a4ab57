/** Decisions about messages that need no database. */
import type { ErrorCode } from '#contract/error-codes.ts';

/** The epoch that a sealed message names: `m1.<epoch>.<sealed>`. */
export const epochOfEnvelope = (envelope: string): number =>
  Number(envelope.slice(3, envelope.indexOf('.', 3)));

type SendFacts = {
  epoch: number;
  roomEpoch: number;
  isRekeyNeeded: boolean;
  /** In a direct room: the other one's account is not in use any more. */
  isPeerAbsent: boolean;
  /** In an announcement room only its owner and admins write. */
  mayPost: boolean;
};

/** Why a member's message is not taken, or null. */
export function sendProblem(facts: SendFacts): ErrorCode | null {
  if (facts.isPeerAbsent) return 'PERSON_DISABLED';
  if (!facts.mayPost) return 'POSTING_RESTRICTED';
  // before the epoch: whoever left still has the newest key, so nothing may be sealed with it
  if (facts.isRekeyNeeded) return 'REKEY_NEEDED';
  return facts.epoch === facts.roomEpoch ? null : 'STALE_EPOCH';
}

export type PageWish = {
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  limit: number;
};

export type SeqRange = { from: number; to: number };

/**
 * Which seqs a page shows, out of those from `first` to `last` that the member may read. Sequences are dense, so a page is
 * a range. Null if more than one of the three places was named.
 */
export function pageRange(wish: PageWish, first: number, last: number): SeqRange | null {
  const { before, after, around, limit } = wish;
  if ([before, after, around].filter((place) => place !== undefined).length > 1) return null;
  const clamp = (from: number, to: number): SeqRange => ({
    from: Math.max(from, first),
    to: Math.min(to, last),
  });
  if (after !== undefined) {
    const from = Math.max(after + 1, first);
    return clamp(from, from + limit - 1);
  }
  if (around !== undefined) {
    // near an end of the room the page is shifted, not cut
    const middle = Math.min(Math.max(around, first), last);
    const from = Math.max(first, Math.min(middle - Math.floor(limit / 2), last - limit + 1));
    return clamp(from, from + limit - 1);
  }
  const to = before === undefined ? last : Math.min(before - 1, last);
  return clamp(to - limit + 1, to);
}
