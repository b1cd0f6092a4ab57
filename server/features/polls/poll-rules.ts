/** What may be done with a poll, and how a vote changes its totals. */
import type { ErrorCode } from '#contract/error-codes.ts';
import { limits } from '#contract/limits.ts';
import type { Poll, PollSettings } from '#contract/poll.ts';

const dayMs = 24 * 60 * 60_000;

/** Why a poll with this deadline is not taken now, or null. */
export function deadlineProblem(closesAt: number | null, now: number): ErrorCode | null {
  if (closesAt === null) return null;
  if (closesAt <= now) return 'DEADLINE_PASSED';
  return closesAt > now + limits.pollDaysMax * dayMs ? 'DEADLINE_TOO_FAR' : null;
}

/** A poll that nobody has voted in. */
export const newPoll = ({ optionIds, isMultiple, isAnonymous, closesAt }: PollSettings): Poll => ({
  options: optionIds.map((id) => ({ id, votes: 0 })),
  voters: 0,
  isMultiple,
  isAnonymous,
  closesAt,
  closedAt: null,
});

/** A closed poll, or one whose deadline has come: the server closes it within moments, but nobody votes meanwhile. */
export const isPollClosed = ({ closedAt, closesAt }: Poll, now: number): boolean =>
  closedAt !== null || (closesAt !== null && closesAt <= now);

/** Why this choice cannot be anybody's in this poll, or null. */
export function choiceProblem(poll: Poll, optionIds: readonly string[]): ErrorCode | null {
  if (optionIds.some((id) => poll.options.every((option) => option.id !== id))) return 'OPTION_UNKNOWN';
  return optionIds.length > 1 && !poll.isMultiple ? 'SINGLE_CHOICE' : null;
}

/** A choice as one number: bit i stands for the option i. */
export const choicesOf = ({ options }: Poll, optionIds: readonly string[]): number =>
  options.reduce((bits, { id }, index) => (optionIds.includes(id) ? bits | (1 << index) : bits), 0);

/** Options by such a number, in the poll's order. */
export const chosenIds = ({ options }: Poll, choices: number): string[] =>
  options.filter((_option, index) => (choices & (1 << index)) !== 0).map(({ id }) => id);

/** The totals after one person's choice changed; 0 stands for no vote. */
export const withVote = (poll: Poll, before: number, after: number): Poll => ({
  ...poll,
  options: poll.options.map(({ id, votes }, index) => ({
    id,
    votes: votes + bitAt(after, index) - bitAt(before, index),
  })),
  voters: poll.voters + Math.sign(after) - Math.sign(before),
});

const bitAt = (bits: number, index: number): number => (bits >> index) & 1;
