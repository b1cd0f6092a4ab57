/** Keeps my own votes as the server says them; what is asked for and done is in `poll-actions.ts`, which comes later. */
import type { Connection } from '../../connection/socket-connection.ts';
import type { Store } from '../../state/store.ts';
import type { PollActions } from './poll-actions.ts';
import { withMyVote, withStaleVotes } from './poll-state.ts';
import type { PollsState } from './poll-state.ts';

export const pollActionNames: { [Name in keyof PollActions]: true } = {
  vote: true,
  close: true,
  look: true,
  voters: true,
  list: true,
};

export type PollWatch = {
  /** The connection is gone: my other browsers may vote unheard. */
  disconnected: () => void;
  stop: () => void;
};

export const watchMyVotes = ({ on }: Pick<Connection, 'on'>, polls: Store<PollsState>): PollWatch => ({
  disconnected: () => polls.update(withStaleVotes),
  stop: on('poll:voted', ({ id, optionIds }) => polls.update((state) => withMyVote(state, id, optionIds))),
});
