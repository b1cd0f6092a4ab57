import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, uint8Array } from 'fast-check';
import {
  context,
  decodeBase64,
  decodeNumber,
  decodeUtf8,
  encodeBase64,
  encodeJson,
  encodeNumber,
  encodeUtf8,
} from './encoding.ts';

test('base64url agrees with Node for every byte string, both ways', () => {
  check(
    property(uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      assert.equal(encodeBase64(bytes), text);
      assert.deepEqual(decodeBase64(text), bytes);
    }),
  );
});

test('a decoder takes one spelling of a value and no other', () => {
  for (const text of [
    'A',
    'QQ==',
    'QQ=',
    'QR',
    'QUI=',
    'QUJ',
    'QU I',
    'QUI\n',
    'QU+I',
    'QU/I',
    'QUé1',
    'QU\u0100I',
  ]) {
    assert.equal(decodeBase64(text), null, JSON.stringify(text));
  }
  assert.deepEqual(decodeBase64('QQ'), new Uint8Array([0x41]));
  assert.deepEqual(decodeBase64(''), new Uint8Array(0));
});

test('a context joins its fields and refuses any that could blur the borders', () => {
  assert.equal(context('epoch', 'abc-_.:,', 7, 0), 'maru/1|epoch|abc-_.:,|7|0');
  assert.equal(context('safety'), 'maru/1|safety');
  for (const field of ['', 'a|b', 'a b', 'a\n', '\n', '가', 'a\u0000', -1, 1.5, 2 ** 53]) {
    assert.throws(() => context('label', field), { code: 'BAD_INPUT' }, String(field));
  }
  assert.throws(() => context('la|bel'), { code: 'BAD_INPUT' });
});

test('numbers have one spelling and end at 2^53 - 1', () => {
  assert.equal(decodeNumber('9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.equal(encodeNumber(0), '0');
  for (const text of ['', '01', '+1', '-0', '1.0', '1e3', ' 1', '9007199254740992', '0x1', '１']) {
    assert.equal(decodeNumber(text), null, text);
  }
});

test('JSON travels in NFC', () => {
  assert.equal(decodeUtf8(encodeJson({ text: '\u1112\u1161\u11ab' })), '{"text":"한"}');
});

test('bytes that are not UTF-8 are no text, and a byte order mark is not swallowed', () => {
  assert.equal(decodeUtf8(new Uint8Array([0xff])), null);
  assert.equal(decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x41])), '\ufeffA');
  assert.equal(decodeUtf8(encodeUtf8('마루')), '마루');
});
