import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordWeakness } from './password-rules.ts';

test('passwords under ten characters are short, counted as people count them', () => {
  assert.equal(passwordWeakness('aB3$xY9!q', []), 'SHORT');
  assert.equal(passwordWeakness('🙂🙃🙂🙃🙂', []), 'SHORT');
  assert.equal(passwordWeakness('마루에앉아바람쐬기', []), 'SHORT');
});

test('what guessing programs try first is refused, whatever is put around it', () => {
  const known = [
    '1234567890',
    '0987654321',
    'qwertyuiop',
    'Password123!',
    'P@ssw0rd1234',
    'asdfghjkl123',
    '1q2w3e4r5t',
    'aaaaaaaaaa',
    'abcabcabcabc',
    '비밀번호12345678',
    'qlalfqjsgh1!',
    'iloveyou2024',
    'ABCDEFGHIJKL',
  ];
  for (const password of known) assert.equal(passwordWeakness(password, []), 'KNOWN', password);
});

test('the account’s own names are refused', () => {
  assert.equal(passwordWeakness('kimminsu1990', ['kimminsu', '김민수']), 'KNOWN');
  assert.equal(passwordWeakness('김민수1234567', ['kimminsu', '김민수']), 'KNOWN');
  assert.equal(passwordWeakness('kimminsukimminsu', ['kimminsu', '']), 'KNOWN');
});

test('a sentence or a random string is fine', () => {
  for (const password of [
    'wide wooden floor',
    '넓은 마루에 앉아서 쉬자',
    'x8Kq-2vTz-91',
    'kimminsu likes tea',
  ]) {
    assert.equal(passwordWeakness(password, ['kimminsu']), null, password);
  }
});
