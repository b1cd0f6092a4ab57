import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reaction } from '#contract/reactions.ts';
import { isSameEmoji, ownTokens, reactionPills, spelledAsThere } from './reaction-state.ts';

const reaction = (token: string, ...people: string[]): Reaction => ({ token, people, sealed: '' });

const reactions = [
  reaction('thumb of epoch 1', 'alice', 'bob'),
  reaction('heart', 'carol'),
  reaction('closed', 'dave'),
  reaction('thumb of epoch 2', 'carol', 'alice'),
];
const emojis = new Map([
  ['thumb of epoch 1', '👍️'],
  ['heart', '❤️'],
  ['thumb of epoch 2', '👍'],
]);

test('one emoji is one pill, whatever epochs it was sealed in, and counts nobody twice', () => {
  assert.deepEqual(reactionPills(reactions, emojis, 'carol'), [
    { emoji: '👍️', people: ['alice', 'bob', 'carol'], isMine: true },
    { emoji: '❤️', people: ['carol'], isMine: true },
  ]);
  assert.deepEqual(
    reactionPills(reactions, emojis, 'bob').map(({ isMine }) => isMine),
    [true, false],
  );
});

test('what could not be opened is in no pill', () => {
  assert.deepEqual(reactionPills(reactions, new Map(), 'alice'), []);
});

test('taking back takes what was sealed in every epoch', () => {
  assert.deepEqual(ownTokens(reactions, emojis, 'alice', '👍'), ['thumb of epoch 1', 'thumb of epoch 2']);
  assert.deepEqual(ownTokens(reactions, emojis, 'bob', '👍'), ['thumb of epoch 1']);
  assert.deepEqual(ownTokens(reactions, emojis, 'bob', '❤️'), []);
  assert.deepEqual(ownTokens(reactions, emojis, 'dave', ''), []);
});

test('an emoji is spelled as it is there already', () => {
  assert.ok(isSameEmoji('❤', '❤️') && !isSameEmoji('❤️', '💔'));
  assert.equal(spelledAsThere(emojis, '❤'), '❤️');
  assert.equal(spelledAsThere(emojis, '🎉'), '🎉');
});
