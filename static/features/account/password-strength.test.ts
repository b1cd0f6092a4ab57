import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviseOnPassword } from './password-strength.ts';

const strengthOf = (password: string) => adviseOnPassword(password, []).strength;

test('a password below ten characters says how many are missing', () => {
  assert.deepEqual(adviseOnPassword('abc1234', []), { strength: 0, missing: 3, hasOwnName: false });
});

test('length beats variety', () => {
  assert.ok(strengthOf('correct horse battery') > strengthOf('P@ssw0rd1!'));
});

test('runs and repeats count for little', () => {
  assert.equal(strengthOf('1234567890'), 1);
  assert.equal(strengthOf('aaaaaaaaaaaaaa'), 1);
  assert.equal(strengthOf('abababababab'), 1);
});

test('Korean words are strong', () => {
  assert.equal(strengthOf('노란 기차와 파란 우산'), 4);
});

test('a password with one’s own name stays weak', () => {
  assert.deepEqual(adviseOnPassword('minsu-kim-and-more-words', ['minsu', '김민수']), {
    strength: 1,
    missing: 0,
    hasOwnName: true,
  });
});
