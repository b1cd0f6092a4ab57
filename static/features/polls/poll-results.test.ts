import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCountedElsewhere, isPollClosed, pollResults, pressedChoice } from './poll-results.ts';
import { emptyPolls, withMyVote, withStaleVotes } from './poll-state.ts';

const options = ['a', 'b', 'c'].map((id) => ({ id, text: id.toUpperCase() }));
const poll = (votes: number[], voters: number) => ({
  options: options.map(({ id }, index) => ({ id, votes: votes[index] ?? 0 })),
  voters,
  isMultiple: true,
  isAnonymous: false,
  closesAt: null as number | null,
  closedAt: null as number | null,
});

test('shares are of the people who voted, and the option with most votes leads', () => {
  const results = pollResults(options, poll([2, 1, 2], 3));
  assert.deepEqual(
    results.map(({ text, votes, percent, isLeading }) => [text, votes, percent, isLeading]),
    [
      ['A', 2, 67, true],
      ['B', 1, 33, false],
      ['C', 2, 67, true],
    ],
  );
  for (const none of [null, poll([], 0)]) {
    assert.ok(pollResults(options, none).every(({ percent, isLeading }) => percent === 0 && !isLeading));
  }
});

test('totals for other options than the sealed ones are noticed', () => {
  assert.equal(isCountedElsewhere(options, poll([], 0)), false);
  assert.equal(isCountedElsewhere(options.slice(0, 2), poll([], 0)), true);
  assert.equal(isCountedElsewhere([...options].reverse(), poll([], 0)), true);
});

test('a press chooses one option, or adds and removes one of several', () => {
  assert.deepEqual(pressedChoice(['a'], 'b', false), ['b']);
  assert.deepEqual(pressedChoice(['a'], 'b', true), ['a', 'b']);
  assert.deepEqual(pressedChoice(['a', 'b'], 'a', true), ['b']);
});

test('a poll is closed by hand or by its deadline', () => {
  const open = poll([], 0);
  assert.equal(isPollClosed(open, 10), false);
  assert.equal(isPollClosed({ ...open, closedAt: 9 }, 10), true);
  assert.equal(isPollClosed({ ...open, closesAt: 11 }, 10), false);
  assert.equal(isPollClosed({ ...open, closesAt: 10 }, 10), true);
});

test('a vote that was known before a connection was lost is shown and asked for again', () => {
  const state = withStaleVotes(withMyVote(emptyPolls(), 'poll', ['a']));
  assert.deepEqual(state.myVotes.get('poll'), { optionIds: ['a'], isCurrent: false });
  assert.equal(withMyVote(state, 'poll', ['b']).myVotes.get('poll')?.isCurrent, true);
});
