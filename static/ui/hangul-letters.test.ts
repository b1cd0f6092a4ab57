import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disassemble as referenceLetters, getChoseong } from 'es-hangul';
import { disassemble, initialOf } from './hangul-letters.ts';

test('every syllable has the letters and the initial that es-hangul gives it', () => {
  for (let code = 0xac00; code <= 0xd7a3; code += 1) {
    const syllable = String.fromCharCode(code);
    assert.equal(disassemble(syllable), referenceLetters(syllable));
    assert.equal(initialOf(syllable), getChoseong(syllable));
  }
});

test('what is no syllable stays as it is and has no initial', () => {
  assert.equal(disassemble('값 ㄱ a1!漢'), 'ㄱㅏㅂㅅ ㄱ a1!漢');
  for (const letter of ['ㄱ', 'a', '漢', '', '가나']) assert.equal(initialOf(letter), null);
});
