/** Decisions about reactions that need no database. */
import type { ErrorCode } from '#contract/error-codes.ts';
import { limits } from '#contract/limits.ts';
import type { Reaction } from '#contract/reactions.ts';

/** The epoch that a sealed reaction names: `r1.<epoch>.<sealed>`. */
export const epochOfReaction = (sealed: string): number => Number(sealed.slice(3, sealed.indexOf('.', 3)));

type ReactionFacts = {
  isRecalled: boolean;
  epoch: number;
  roomEpoch: number;
  isRekeyNeeded: boolean;
  token: string;
  userUid: string;
  /** What is on the message already; not yet this. */
  reactions: readonly Reaction[];
};

/** Why a member's reaction is not taken, or null. */
export function reactionProblem(facts: ReactionFacts): ErrorCode | null {
  const { token, userUid, reactions } = facts;
  if (facts.isRecalled) return 'MESSAGE_RECALLED';
  // before the epoch: whoever left still has the newest key, so nothing may be sealed with it
  if (facts.isRekeyNeeded) return 'REKEY_NEEDED';
  if (facts.epoch !== facts.roomEpoch) return 'STALE_EPOCH';
  const own = reactions.filter(({ people }) => people.includes(userUid));
  if (own.length >= limits.reactionsPerPersonMax) return 'TOO_MANY_REACTIONS';
  const isNew = reactions.every((reaction) => reaction.token !== token);
  return isNew && reactions.length >= limits.reactionsPerMessageMax ? 'TOO_MANY_REACTIONS' : null;
}

export type ReactionRow = { token: string; sealed: string; uid: string };

/** Rows in the order of reacting, as the part of their message; undefined for none. */
export function reactionsPart(rows: readonly ReactionRow[]): Reaction[] | undefined {
  if (rows.length === 0) return undefined;
  const rowsByToken = Map.groupBy(rows, ({ token }) => token);
  return [...rowsByToken].map(([token, [first, ...others]]) => ({
    token,
    people: [first, ...others].flatMap((row) => row?.uid ?? []),
    sealed: first?.sealed ?? '',
  }));
}
