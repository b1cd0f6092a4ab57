import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

/** Each built-in is taken away, the polyfills are loaded, and what they put in its place is compared with the original. */
const original = {
  at: Array.prototype.at,
  ListFormat: Intl.ListFormat,
};
for (const [owner, names] of [
  [Array.prototype, ['at']],
  [String.prototype, ['replaceAll']],
  [Object, ['hasOwn']],
  [globalThis, ['structuredClone']],
  [Intl, ['ListFormat']],
] as const) {
  for (const name of names) Reflect.deleteProperty(owner, name);
}
await import('./polyfills.ts');

describe('a polyfill', () => {
  test('stands in only where something is missing', () => {
    assert.notEqual(Array.prototype.at, original.at);
    assert.equal(Array.prototype.map.toString().includes('native code'), true);
  });

  test('of at gives what the original gives', () => {
    const list = [1, 2, 3, 4];
    for (const index of [-5, -4, -1, 0, 1.7, 3, 4, Number.NaN]) {
      assert.equal(list.at(index), original.at.call(list, index), String(index));
    }
  });

  test('of replaceAll replaces every occurrence', () => {
    assert.equal('a.b.c'.replaceAll('.', '-'), 'a-b-c');
    assert.equal('a1b2'.replaceAll(/\d/g, '-'), 'a-b-');
  });

  test('of Object.hasOwn and structuredClone keeps their meaning', () => {
    assert.equal(Object.hasOwn({ a: 1 }, 'a'), true);
    assert.equal(Object.hasOwn({}, 'toString'), false);
    const value = { deep: [1, { text: '글' }] };
    const copy = structuredClone(value);
    assert.deepEqual(copy, value);
    assert.notEqual(copy.deep, value.deep);
  });

  test('of Intl.ListFormat joins names as the original does in both languages', () => {
    for (const language of ['ko', 'en']) {
      for (const names of [[], ['김'], ['김', '이'], ['김', '이', '박']]) {
        const expected = new original.ListFormat(language, { type: 'conjunction', style: 'long' }).format(
          names,
        );
        assert.equal(new Intl.ListFormat(language, { type: 'conjunction' }).format(names), expected);
      }
    }
  });
});
