import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { test } from 'node:test';
import { encodeUtf8 } from './encoding.ts';
import { isLowOrderX25519 } from './identity.ts';
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  hkdfSha256,
  isSoundEd25519Key,
  x25519PublicKey,
  x25519Shared,
} from './primitives.ts';
import { argon2idScript } from './primitives-argon2-script.ts';
import { argon2idWasm } from './primitives-argon2.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('hex');

test('HKDF-SHA-256 gives RFC 5869 A.1 and A.3', () => {
  const secret = hex('0b'.repeat(22));
  const salted = hkdfSha256(secret, hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9'), 42);
  assert.equal(
    toHex(salted),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
  const unsalted = hkdfSha256(secret, new Uint8Array(0), new Uint8Array(0), 42);
  assert.equal(
    toHex(unsalted),
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  );
});

test('X25519 gives RFC 7748 5.2 and the first iteration of its loop', () => {
  const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  const point = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
  assert.equal(
    toHex(x25519Shared(scalar, point)),
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  );
  const nine = hex(`09${'00'.repeat(31)}`);
  assert.equal(
    toHex(x25519PublicKey(nine)),
    '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
  );
});

const lowOrder = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  // The unused top bit changes nothing.
  `${'00'.repeat(31)}80`,
  `ec${'ff'.repeat(31)}`,
];

test('an X25519 key of low order is recognised, and never shares a secret', () => {
  const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  for (const point of lowOrder) {
    assert.equal(x25519Shared(scalar, hex(point)), null, point);
    assert.equal(isLowOrderX25519(hex(point)), true, point);
  }
  assert.equal(isLowOrderX25519(x25519PublicKey(scalar)), false);
});

test('Ed25519 gives RFC 8032 7.1 test 2', () => {
  const seed = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = ed25519Sign(seed, hex('72'));
  assert.equal(toHex(ed25519PublicKey(seed)), toHex(publicKey));
  assert.equal(
    toHex(signature),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  assert.equal(ed25519Verify(publicKey, hex('72'), signature), true);
  assert.equal(ed25519Verify(publicKey, hex('73'), signature), false);
  assert.equal(ed25519Verify(publicKey, hex('72'), signature.subarray(1)), false);
});

test('verification is strict: neither a small-order key nor an unreduced S is taken', () => {
  // With the neutral element as key and R, and S = 0, the equation holds for every message.
  const neutral = hex(`01${'00'.repeat(31)}`);
  const forged = hex(`01${'00'.repeat(63)}`);
  assert.equal(ed25519Verify(neutral, encodeUtf8('anything'), forged), false);
  assert.equal(isSoundEd25519Key(neutral), false);
  assert.equal(isSoundEd25519Key(hex(`ee${'ff'.repeat(30)}7f`)), false);
  const seed = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  assert.equal(isSoundEd25519Key(ed25519PublicKey(seed)), true);
  const signature = ed25519Sign(seed, hex('72'));
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + order;
  const unreduced = hex(s.toString(16).padStart(64, '0')).reverse();
  const malleated = new Uint8Array([...signature.subarray(0, 32), ...unreduced]);
  assert.equal(ed25519Verify(ed25519PublicKey(seed), hex('72'), malleated), false);
});

test('Argon2id by WebAssembly and in JavaScript agree with Node', async () => {
  const salt = hex('000102030405060708090a0b0c0d0e0f');
  const password = '마루 위의 긴 비밀번호';
  const kdf = { memoryKiB: 256, iterations: 3, parallelism: 1 as const }; // a literal, not a number
  const parameters = {
    message: encodeUtf8(password),
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: 256,
    passes: 3,
  };
  const expected = toHex(argon2Sync('argon2id', parameters));
  assert.equal(toHex(await argon2idWasm(password, salt, kdf)), expected);
  assert.equal(toHex(await argon2idScript(password, salt, kdf)), expected);
});
