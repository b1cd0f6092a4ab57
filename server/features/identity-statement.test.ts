import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { isSafeX25519Key, isSignedBy, parseStatement } from './identity-statement.ts';

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { ed: String(publicKey.export({ format: 'jwk' }).x), privateKey };
};
const hex = (text: string) => Buffer.from(text, 'hex').toString('base64url');

test('a signature counts for its own text and key only', () => {
  const { ed, privateKey } = pair();
  const signature = sign(null, Buffer.from('a text'), privateKey).toString('base64url');
  assert.equal(isSignedBy(ed, 'a text', signature), true);
  assert.equal(isSignedBy(ed, 'another', signature), false);
  assert.equal(isSignedBy(pair().ed, 'a text', signature), false);
});

test('keys of low order are refused, although OpenSSL accepts signatures by them', () => {
  // With the neutral element as key, R = s·B verifies for every text: s = 0, R = the neutral element.
  const neutral = `01${'00'.repeat(31)}`;
  const signature = hex(`${neutral}${'00'.repeat(32)}`);
  assert.equal(isSignedBy(hex(neutral), 'anything', signature), false);
  // the same point in its second spelling, y = p + 1
  assert.equal(isSignedBy(hex(`ee${'ff'.repeat(30)}7f`), 'anything', signature), false);
  assert.equal(isSafeX25519Key(hex('00'.repeat(32))), false);
  assert.equal(isSafeX25519Key(hex(`09${'00'.repeat(31)}`)), true);
});

test('a statement has one spelling', () => {
  const uid = Buffer.alloc(16, 1).toString('base64url');
  const key = Buffer.alloc(32, 2).toString('base64url');
  assert.deepEqual(parseStatement(`maru/1|identity|${uid}|1|${key}|${key}`), {
    userUid: uid,
    version: 1,
    x: key,
    ed: key,
  });
  assert.equal(parseStatement(`maru/1|identity|${uid}|01|${key}|${key}`), null);
  assert.equal(parseStatement(`maru/1|identity|${uid}|1|${key}|${key}|x`), null);
  const strayBits = `${key.slice(0, -1)}J`;
  assert.equal(parseStatement(`maru/1|identity|${uid}|1|${key}|${strayBits}`), null);
});
