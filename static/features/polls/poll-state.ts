/** My own votes, as far as this page has asked for them. Totals are a part of the message's row. No DOM. */

/** `optionIds` null: the server has forgotten it (an anonymous poll that is closed). */
export type MyVote = {
  optionIds: readonly string[] | null;
  /** False since a connection was lost: another browser of mine may have voted meanwhile. */
  isCurrent: boolean;
};

export type PollsState = { myVotes: ReadonlyMap<string, MyVote> };

export const emptyPolls = (): PollsState => ({ myVotes: new Map() });

export const withMyVote = (
  { myVotes }: PollsState,
  id: string,
  optionIds: readonly string[] | null,
): PollsState => ({ myVotes: new Map(myVotes).set(id, { optionIds, isCurrent: true }) });

/** What is known may not be true any more. */
export const withStaleVotes = ({ myVotes }: PollsState): PollsState => ({
  myVotes: new Map([...myVotes].map(([id, vote]) => [id, { ...vote, isCurrent: false }])),
});
