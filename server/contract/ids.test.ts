import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOfText } from './ids.ts';

const taken = (text: string, minimum = 1): boolean => lineOfText(minimum, 40).safeParse(text).success;

test('a name is a line that people can see, in any script and with any emoji', () => {
  const names = ['김민수', 'Zoë O’Brien', '山田 太郎', 'Дмитрий', 'مريم', '👩‍💻', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', 'नमस्‍ते', '+', '…'];
  for (const name of names) assert.equal(taken(name), true, name);
  assert.equal(taken('', 0), true);
});

test('a name holds nothing invisible, nothing that turns the line around and no half characters', () => {
  const codes = [0x0, 0x7f, 0xad, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028];
  codes.push(0x202e, 0x2060, 0x2066, 0x206f, 0x2800, 0x3164, 0xfeff, 0xffa0, 0xfff9, 0xd800, 0xdfff);
  for (const code of codes) {
    assert.equal(taken(`김${String.fromCharCode(code)}수`), false, `U+${code.toString(16)}`);
  }
});

test('joiners, selectors and marks alone are no name', () => {
  for (const text of ['\u200d', '\u200c\u200d', '\ufe0f', '\u0301', '\u{e0067}', ' \u00a0\u3000']) {
    assert.equal(taken(text), false, JSON.stringify(text));
  }
});
