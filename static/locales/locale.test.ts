import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminEn } from './admin-en.ts';
import { adminKo } from './admin-ko.ts';
import { wholeAdminLocale } from './whole-admin-locale.ts';
import { enLater } from './en-later.ts';
import { en } from './en.ts';
import { koLater } from './ko-later.ts';
import { ko } from './ko.ts';
import { allWords, createLocale } from './locale.ts';
import { createWordingLocale } from './wording-locale.ts';

const keysOf = (words: object): string[] => Object.keys(words).sort();

const placeholders = (text: string): string =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .sort()
    .join(' ');

test('both languages say the same first and the same later, and nothing twice', () => {
  assert.deepEqual(keysOf(en), keysOf(ko));
  assert.deepEqual(keysOf(enLater), keysOf(koLater));
  assert.deepEqual(
    keysOf(koLater).filter((key) => key in ko),
    [],
  );
});

test('what later pieces say is there as soon as it was added', () => {
  const locale = createWordingLocale('ko', ko);
  assert.equal(locale.t('profile.title'), 'profile.title');
  locale.addWords(koLater);
  assert.equal(locale.t('profile.title'), koLater['profile.title']);
});

test('both languages ask for the same parameters in every text', () => {
  const korean = allWords.ko;
  const entries = Object.entries(korean) as [keyof typeof korean, string][]; // the keys are its entries' names
  for (const [key, text] of entries) {
    const words = allWords.en[key];
    const forms = typeof words === 'string' ? [words] : [words.one, words.other];
    for (const form of forms) assert.equal(placeholders(form), placeholders(text), key);
  }
});

test('the administrator’s words ask for the same in both languages, and none is empty', () => {
  const entries = Object.entries(adminKo) as [keyof typeof adminKo, string][]; // the keys of adminKo are its entries' names
  for (const [key, text] of entries) {
    const words = adminEn[key];
    const forms = typeof words === 'string' ? [words] : [words.one, words.other];
    for (const form of forms) {
      assert.equal(placeholders(form), placeholders(text), key);
      assert.match(form, /\S/);
    }
    assert.match(text, /\S/);
  }
});

test('sizes, spans and small numbers are short in both languages', () => {
  const korean = wholeAdminLocale('ko');
  assert.deepEqual([0, 1023, 1_536, 3 * 1024 ** 3].map(korean.bytes), ['0 B', '1,023 B', '1.5 KB', '3 GB']);
  assert.deepEqual([0.416, 7.26, 128.4].map(korean.short), ['0.42', '7.26', '128']);
  assert.equal(korean.duration(3 * 3_600_000 + 125_000), '3시간 2분');
  assert.equal(wholeAdminLocale('en').duration(50 * 3_600_000), '2 d 2 h');
});

test('no text is empty in either language', () => {
  for (const text of Object.values(allWords.ko)) assert.match(text, /\S/);
  for (const words of Object.values(allWords.en))
    assert.match(typeof words === 'string' ? words : words.other, /\S/);
});

test('English counts have their plural, Korean needs none', () => {
  const english = createLocale('en');
  assert.equal(english.t('rooms.unread', { count: 1 }), '1 unread message');
  assert.equal(english.t('rooms.unread', { count: 1_200 }), '1,200 unread messages');
  assert.equal(createLocale('ko').t('rooms.unread', { count: 1_200 }), '읽지 않은 메시지 1,200개');
});

test('a value with braces in it is not filled again', () => {
  const text = createLocale('ko').t('rooms.by', { name: '{text}', text: '안녕' });
  assert.equal(text, '{text}: 안녕');
});

test('a refusal says how long to wait', () => {
  const sentence = createLocale('en').failure({ code: 'RATE_LIMITED', retryAfterMs: 4_200 });
  assert.equal(sentence, 'That was too often. Wait a moment. (in 5 s)');
});

test('moments: the time today, then yesterday, the weekday, the date', () => {
  const locale = createLocale('ko');
  const at = (day: number, hour = 10) => new Date(2026, 10, day, hour, 42).getTime();
  const now = at(20, 23);
  assert.equal(locale.moment(at(20), now), '10:42');
  assert.equal(locale.moment(at(19), now), '어제');
  assert.equal(locale.moment(at(16), now), '월');
  assert.equal(locale.moment(new Date(2026, 9, 1).getTime(), now), '10. 1.');
  assert.equal(locale.moment(new Date(2025, 9, 1).getTime(), now), '2025. 10. 1.');
});

test('names sort as Koreans expect, digits by value', () => {
  const { compare } = createLocale('ko');
  assert.deepEqual(['하나', '가람', '2팀', '10팀', 'Alex'].sort(compare), [
    '2팀',
    '10팀',
    '가람',
    '하나',
    'Alex',
  ]);
});
