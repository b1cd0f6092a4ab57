import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEmoji } from '../../crypto/reaction.ts';
import { listEmojis } from './emoji-list.ts';
import { createEmojiSearch } from './emoji-search.ts';
import { newestDrawn } from './emoji-support.ts';
import { quickEmojis } from './quick-emojis.ts';

const emojis = listEmojis();
const search = createEmojiSearch(emojis);
const found = (query: string): string[] => search(query).map(({ emoji }) => emoji);

test('every emoji has names in both languages and can be sealed', () => {
  assert.ok(emojis.length > 1_800);
  for (const { emoji, names } of emojis) {
    assert.ok(isEmoji(emoji), emoji);
    assert.ok(names.ko !== '' && names.en !== '', emoji);
  }
  assert.match(emojis.map(({ names }) => names.ko).join(''), /[가-힣]/);
});

test('the six of the quick row are spelled as in the list', () => {
  const all = new Set(emojis.map(({ emoji }) => emoji));
  assert.equal(quickEmojis.length, 6);
  for (const emoji of quickEmojis) assert.ok(all.has(emoji), emoji);
});

test('a Korean or an English word finds an emoji, whichever language the page has', () => {
  for (const query of ['좋아요', '따봉', 'thumbs up', 'thumb', 'THUMBS'])
    assert.ok(found(query).includes('👍️'), query);
  assert.equal(found('하트')[0] !== undefined && found('heart')[0] !== undefined, true);
  assert.ok(found('생일').includes('🎂') && found('birthday').includes('🎂'));
});

test('초성 and half-typed syllables are enough', () => {
  assert.ok(found('ㄸㅂ').includes('👍️'));
  assert.ok(found('따보').includes('👍️'));
  assert.ok(found('좋ㅇ').length === 0 || !found('좋ㅇ').includes('👎️'));
  assert.ok(found('새일').length === 0 || !found('새일').includes('🎂'));
  assert.ok(found('생이').includes('🎂'), '생이 is on the way to 생일');
});

test('whole words come before parts of them, and several words narrow down', () => {
  const [first] = search('cat');
  assert.match(first?.words ?? '', /\|cat\|/);
  assert.ok(found('red heart').includes('❤️'));
  assert.ok(!found('red heart').includes('💙'));
  assert.deepEqual(found('이런건없다'), []);
  assert.deepEqual(found('  '), []);
});

test('what this computer cannot draw is left out by the standard that brought it', () => {
  assert.equal(
    newestDrawn((emoji) => emoji !== '🫠'),
    13,
  );
  assert.equal(
    newestDrawn(() => true),
    17,
  );
  assert.equal(
    newestDrawn(() => false),
    10,
  );
  assert.equal(
    newestDrawn(() => null),
    13,
  );
});
