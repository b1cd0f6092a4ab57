import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWebCryptoSealer } from './chunk-seal.ts';
import { encodeUtf8 } from './encoding.ts';
import { cryptoJsAes256 } from './primitives-compatible.ts';
import { type AesCbcEngine, nobleAes } from './primitives.ts';
import { chooseAesEngine, createSealer, isAesEngineSound } from './seal.ts';
import { createSeededRandom } from './testing/crypto-world.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'));

// RFC 7518 appendix B.3.
const rfcKey = hex(`000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
  202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f`);
const rfcIv = hex('1af38c2dc2b96ffdd86694092341bc04');
const rfcAad = 'The second principle of Auguste Kerckhoffs';
const rfcPlain =
  'A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience';
const rfcCipher =
  hex(`4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd822c301dd67c373bccb584ad3e9279c2
  e6d12a1374b77f077553df829410446b36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3a3b75e662a2594410ae496b2e2e6609e31e6e02cc837f053d21f37ff4f51950b
  be2638d09dd7a4930930806d0703b1f6`);
const rfcTag = hex('4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5');

const random = createSeededRandom('seal');
const engines = [nobleAes, cryptoJsAes256];

test('every engine makes the sealed bytes of RFC 7518 B.3', async () => {
  assert.equal(rfcPlain.length, 128);
  const expected = Buffer.concat([rfcIv, rfcCipher, rfcTag]);
  for (const engine of engines) {
    const sealer = createSealer(engine, () => rfcIv);
    assert.deepEqual(Buffer.from(sealer.seal(rfcKey, rfcAad, encodeUtf8(rfcPlain))), expected, engine.name);
  }
  const chunks = createWebCryptoSealer(globalThis.crypto.subtle, () => rfcIv);
  assert.deepEqual(Buffer.from(await chunks.seal(rfcKey, rfcAad, encodeUtf8(rfcPlain))), expected);
});

test('each engine opens what the others sealed, at every length around a block', async () => {
  const chunks = createWebCryptoSealer(globalThis.crypto.subtle, random);
  const sealers = engines.map((engine) => createSealer(engine, random));
  for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 64, 1000]) {
    const key = random(64);
    const plain = length === 0 ? new Uint8Array(0) : random(length);
    const sealed = [
      ...sealers.map((one) => one.seal(key, 'aad', plain)),
      await chunks.seal(key, 'aad', plain),
    ];
    for (const bytes of sealed) {
      assert.equal(bytes.length, 16 + (Math.floor(length / 16) + 1) * 16 + 32);
      for (const one of sealers) assert.deepEqual(one.open(key, 'aad', bytes), plain);
      assert.deepEqual(await chunks.open(key, 'aad', bytes), plain);
    }
  }
});

test('no engine opens anything of which one bit was changed', async () => {
  const chunks = createWebCryptoSealer(globalThis.crypto.subtle, random);
  const key = random(64);
  const sealed = createSealer(nobleAes, random).seal(key, 'aad', encodeUtf8('a message'));
  const flip = (bytes: Uint8Array, index: number): Uint8Array =>
    bytes.map((byte, position) => (position === index ? byte ^ 1 : byte));
  for (const one of engines.map((engine) => createSealer(engine, random))) {
    for (let index = 0; index < sealed.length; index += 1) {
      assert.equal(one.open(key, 'aad', flip(sealed, index)), null);
    }
    for (let index = 0; index < key.length; index += 1) {
      // The encryption half alone is not covered by the tag; a wrong one gives other bytes or none.
      const opened = one.open(flip(key, index), 'aad', sealed);
      assert.notDeepEqual(opened, encodeUtf8('a message'));
    }
    assert.equal(one.open(key, 'aae', sealed), null);
    assert.equal(one.open(key, 'aad', sealed.subarray(0, sealed.length - 1)), null);
    assert.equal(one.open(key, 'aad', new Uint8Array(0)), null);
  }
  assert.equal(await chunks.open(key, 'aad', flip(sealed, 20)), null);
  assert.equal(await chunks.open(key, 'aae', sealed), null);
});

test('an engine that computes wrongly is passed over, and none left is a refusal', () => {
  const broken: AesCbcEngine = {
    name: 'noble',
    encrypt: (key, iv, plain) => nobleAes.encrypt(key, iv, plain).map((byte) => byte ^ 1),
    decrypt: (key, iv, sealed) => nobleAes.decrypt(key, iv, sealed),
  };
  assert.equal(isAesEngineSound(nobleAes), true);
  assert.equal(isAesEngineSound(cryptoJsAes256), true);
  const unused = (): AesCbcEngine => assert.fail('loaded although it was not needed');
  const unloadable = (): AesCbcEngine => {
    throw new Error('no network');
  };
  assert.equal(chooseAesEngine([() => broken, () => cryptoJsAes256]).name, 'crypto-js');
  assert.equal(chooseAesEngine([() => nobleAes, unused]).name, 'noble');
  assert.throws(() => chooseAesEngine([() => broken, unloadable]), { code: 'NO_AES_ENGINE' });
});

test('a key of another length is refused', () => {
  const sealer = createSealer(nobleAes, random);
  assert.throws(() => sealer.seal(random(32), 'aad', random(1)), { code: 'BAD_INPUT' });
});
