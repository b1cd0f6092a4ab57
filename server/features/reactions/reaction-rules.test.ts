import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Reaction } from '#contract/reactions.ts';
import { epochOfReaction, reactionProblem, reactionsPart } from './reaction-rules.ts';

const reaction = (token: string, ...people: string[]): Reaction => ({
  token,
  people,
  sealed: `${token} by ${people[0]}`,
});

const facts = {
  isRecalled: false,
  epoch: 3,
  roomEpoch: 3,
  isRekeyNeeded: false,
  token: 'new',
  userUid: 'bob',
  reactions: [reaction('a', 'alice'), reaction('b', 'bob', 'alice')],
};

test('a reaction names its epoch', () => {
  assert.equal(epochOfReaction('r1.17.abc'), 17);
});

test('only a reaction of the newest epoch to a message that is still there is taken', () => {
  assert.equal(reactionProblem(facts), null);
  assert.equal(reactionProblem({ ...facts, epoch: 2 }), 'STALE_EPOCH');
  assert.equal(reactionProblem({ ...facts, epoch: 4 }), 'STALE_EPOCH');
  assert.equal(reactionProblem({ ...facts, isRekeyNeeded: true }), 'REKEY_NEEDED');
  assert.equal(reactionProblem({ ...facts, isRecalled: true }), 'MESSAGE_RECALLED');
});

test('one person has so many reactions on a message, and a message so many', () => {
  const own = Array.from({ length: limits.reactionsPerPersonMax }, (_, i) =>
    reaction(`own${i}`, 'alice', 'bob'),
  );
  assert.equal(reactionProblem({ ...facts, reactions: own }), 'TOO_MANY_REACTIONS');
  assert.equal(reactionProblem({ ...facts, reactions: own.slice(1) }), null);
  assert.equal(reactionProblem({ ...facts, reactions: own, userUid: 'carol' }), null);
  const full = Array.from({ length: limits.reactionsPerMessageMax }, (_, i) => reaction(`of${i}`, 'alice'));
  assert.equal(reactionProblem({ ...facts, reactions: full }), 'TOO_MANY_REACTIONS');
  assert.equal(
    reactionProblem({ ...facts, reactions: full, token: 'of3' }),
    null,
    'joining one of them is possible',
  );
});

test('the part lists each token once, with what its first person sealed', () => {
  assert.equal(reactionsPart([]), undefined);
  const rows = [
    { token: 'a', sealed: 'a1', uid: 'alice' },
    { token: 'b', sealed: 'b1', uid: 'bob' },
    { token: 'a', sealed: 'a2', uid: 'bob' },
  ];
  assert.deepEqual(reactionsPart(rows), [
    { token: 'a', people: ['alice', 'bob'], sealed: 'a1' },
    { token: 'b', people: ['bob'], sealed: 'b1' },
  ]);
});
