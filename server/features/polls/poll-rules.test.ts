import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceProblem, choicesOf, chosenIds, deadlineProblem, newPoll, withVote } from './poll-rules.ts';

const ids = Array.from({ length: 20 }, (_value, index) => `option ${index}`);
const poll = newPoll({ optionIds: ids, isMultiple: true, isAnonymous: false, closesAt: null });
const votesOf = (of: typeof poll) => of.options.map(({ votes }) => votes);

test('a choice is a number and comes back in the poll’s order, whatever the order of choosing', () => {
  assert.equal(choicesOf(poll, ['option 19', 'option 0']), (1 << 19) | 1);
  assert.deepEqual(chosenIds(poll, (1 << 19) | 1), ['option 0', 'option 19']);
  assert.deepEqual(chosenIds(poll, choicesOf(poll, ids)), ids);
});

test('totals follow every change of a choice, and end where they began when it is taken back', () => {
  const choice = (...chosen: string[]) => choicesOf(poll, chosen);
  const first = withVote(poll, 0, choice('option 0', 'option 1'));
  assert.deepEqual([votesOf(first).slice(0, 3), first.voters], [[1, 1, 0], 1]);
  const moved = withVote(first, choice('option 0', 'option 1'), choice('option 1', 'option 2'));
  assert.deepEqual([votesOf(moved).slice(0, 3), moved.voters], [[0, 1, 1], 1]);
  assert.deepEqual(withVote(moved, choice('option 1', 'option 2'), 0), poll);
});

test('a choice names options of its own poll, and one of them unless several are allowed', () => {
  const single = { ...poll, isMultiple: false };
  assert.equal(choiceProblem(poll, ['option 1', 'option 2']), null);
  assert.equal(choiceProblem(single, ['option 1', 'option 2']), 'SINGLE_CHOICE');
  assert.equal(choiceProblem(single, []), null);
  assert.equal(choiceProblem(poll, ['option 1', 'option 20']), 'OPTION_UNKNOWN');
});

test('a deadline lies ahead, a year at most', () => {
  const dayMs = 24 * 60 * 60_000;
  assert.equal(deadlineProblem(null, 5), null);
  assert.equal(deadlineProblem(6, 5), null);
  assert.equal(deadlineProblem(5, 5), 'DEADLINE_PASSED');
  assert.equal(deadlineProblem(5 + 366 * dayMs, 5), null);
  assert.equal(deadlineProblem(6 + 366 * dayMs, 5), 'DEADLINE_TOO_FAR');
});
