import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesSearch } from './hangul-search.ts';

const finds = (query: string, text: string): void =>
  assert.ok(matchesSearch(query, text), `${query} → ${text}`);
const misses = (query: string, text: string): void =>
  assert.ok(!matchesSearch(query, text), `${query} ↛ ${text}`);

test('initial consonants find a name anywhere in the text', () => {
  finds('ㄱㅁㅅ', '김민수');
  finds('ㅁㅅ', '재무팀 김민수');
  misses('ㄱㅅ', '김민수');
});

test('a syllable that is still being typed finds the name at every step', () => {
  for (const step of ['ㄱ', '기', '김', '김ㅁ', '김미', '김민', '김민ㅅ', '김민수']) finds(step, '김민수');
});

test('a final consonant may be the next syllable’s first', () => {
  finds('갑', '가방');
  finds('노트북으', '노트북은');
});

test('only the last syllable may be unfinished', () => {
  misses('기수', '김수');
  misses('미', '김민수민'.slice(0, 1));
});

test('Latin letters match in any case, white space does not matter', () => {
  finds('kim m', 'Kim Minsu');
  finds('신제품tf', '신제품 TF');
  misses('lee', 'Kim');
});

test('an empty query matches everything', () => finds('  ', '무엇이든'));

test('decomposed text (file names of macOS) is found by composed', () =>
  finds('한글', '한글'.normalize('NFD')));
