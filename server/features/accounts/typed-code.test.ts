import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createTypedCode, isSameCode } from './typed-code.ts';

test('a code is three groups of four without look-alikes', () => {
  const code = createTypedCode(randomBytes);
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  assert.notEqual(createTypedCode(randomBytes), code);
});

test('typing it carelessly does not matter, typing it wrong does', () => {
  const code = '10AB-CDEF-GHJK';
  assert.equal(isSameCode(code, ' ioab cdef ghjk '), true);
  assert.equal(isSameCode(code, 'l0abcdefghjk'), true);
  assert.equal(isSameCode(code, '10AB-CDEF-GHJL'), false);
  assert.equal(isSameCode(code, ''), false);
});
