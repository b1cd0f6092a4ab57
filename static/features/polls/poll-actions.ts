/** Voting, closing, and what is asked for when polls are looked at. */
import type { PollVoters } from '#contract/polls.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { Result } from '../../state/failure.ts';
import { succeed } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import { checkedRows } from '../messages/checked-rows.ts';
import type { CheckedRowsDeps } from '../messages/checked-rows.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { withMyVote } from './poll-state.ts';
import type { PollsState } from './poll-state.ts';

/** `id` is the poll message's name. What changes comes with the server's events. */
export type PollActions = {
  vote: (id: string, optionIds: readonly string[]) => Promise<Result<unknown>>;
  close: (id: string) => Promise<Result<unknown>>;
  /** Asks for my own vote, unless it is known. */
  look: (id: string) => Promise<Result<unknown>>;
  /** Who voted for what; null of an anonymous poll. */
  voters: (id: string) => Promise<Result<readonly PollVoters[] | null>>;
  /** The room's polls below a seq, newest first, opened. */
  list: (roomUid: string, before: number | null) => Promise<Result<PollPage>>;
};

export type PollPage = { entries: readonly MessageEntry[]; hasMore: boolean };

export type PollDeps = CheckedRowsDeps & {
  call: Call;
  polls: Store<PollsState>;
};

export function createPollActions({ call, crypto, keys, polls }: PollDeps): PollActions {
  return {
    vote: (id, optionIds) => call('poll:vote', { id, optionIds: [...optionIds] }),
    close: (id) => call('poll:close', { id }),
    look: async (id) => {
      const known = polls.get().myVotes.get(id);
      if (known?.isCurrent === true) return succeed(undefined);
      const result = await call('poll:get', { id });
      // A vote that was heard meanwhile is newer than the answer; one that went stale is asked for again.
      if (result.ok && polls.get().myVotes.get(id) === known) {
        polls.update((state) => withMyVote(state, id, result.value.optionIds));
      }
      return result;
    },
    voters: async (id) => {
      const result = await call('poll:get', { id, with: 'voters' });
      return result.ok ? succeed(result.value.voters) : result;
    },
    list: async (roomUid, before) => {
      const result = await call('poll:list', { roomUid, ...(before === null ? {} : { before }) });
      if (!result.ok) return result;
      const { messages, hasMore } = result.value;
      return succeed({ entries: await checkedRows({ crypto, keys }, roomUid, messages), hasMore });
    },
  };
}
