import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSetUpCode, isSetUpCode } from './set-up-code.ts';

test('a code is three groups of four without look-alikes', () => {
  const code = createSetUpCode(randomBytes);
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  assert.notEqual(createSetUpCode(randomBytes), code);
});

test('typing it carelessly does not matter, typing it wrong does', () => {
  const code = '10AB-CDEF-GHJK';
  assert.equal(isSetUpCode(code, ' ioab cdef ghjk '), true);
  assert.equal(isSetUpCode(code, 'l0abcdefghjk'), true);
  assert.equal(isSetUpCode(code, '10AB-CDEF-GHJL'), false);
  assert.equal(isSetUpCode(code, ''), false);
});
