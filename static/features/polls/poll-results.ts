/** How a poll stands, as it is shown. No DOM. */
import type { Poll } from '#contract/poll.ts';
import type { PollOption } from '../../crypto/index.ts';

/** Closed by hand, or by its deadline, which the server carries out a moment later. */
export const isPollClosed = ({ closedAt, closesAt }: Poll, now: number): boolean =>
  closedAt !== null || (closesAt !== null && closesAt <= now);

export type PollResult = PollOption & {
  votes: number;
  /** Of the people who voted; 0–100, whole. */
  percent: number;
  /** Has more votes than none and none has more. */
  isLeading: boolean;
};

/** The author's options with the server's totals. */
export function pollResults(options: readonly PollOption[], poll: Poll | null): PollResult[] {
  const votesById = new Map(poll?.options.map(({ id, votes }) => [id, votes]));
  const most = Math.max(0, ...votesById.values());
  const voters = poll?.voters ?? 0;
  return options.map(({ id, text }) => {
    const votes = votesById.get(id) ?? 0;
    return {
      id,
      text,
      votes,
      percent: voters === 0 ? 0 : Math.min(100, Math.round((votes / voters) * 100)),
      isLeading: votes > 0 && votes === most,
    };
  });
}

/** The server counts for other options than the author sealed: its totals mean nothing. */
export const isCountedElsewhere = (options: readonly PollOption[], poll: Poll): boolean =>
  options.length !== poll.options.length || options.some(({ id }, index) => poll.options[index]?.id !== id);

/** My choice after I pressed an option. */
export const pressedChoice = (
  chosen: readonly string[],
  optionId: string,
  isMultiple: boolean,
): readonly string[] => {
  if (!isMultiple) return [optionId];
  return chosen.includes(optionId) ? chosen.filter((id) => id !== optionId) : [...chosen, optionId];
};
