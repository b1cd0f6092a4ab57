/**
 * What the engine is built on. This and the three files beside it whose names begin with `primitives-` are the only ones
 * that import a cryptographic library; what few browsers need stands apart, so that the others do not load it.
 */
import { cbc } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => nobleSha256(bytes);
export const sha512 = (bytes: Uint8Array): Uint8Array => nobleSha512(bytes);

/** HMAC-SHA-512 over the parts one after another (RFC 2104), without joining them first. */
export function hmacSha512(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const mac = hmac.create(nobleSha512, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** HMAC-SHA-256 (RFC 2104). */
export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  hmac(nobleSha256, key, message);

/** HKDF-SHA-256 (RFC 5869); an empty salt is the RFC's string of zeros. */
export const hkdfSha256 = (key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
  hkdf(nobleSha256, key, salt, info, length);

/** AES-256 in CBC mode with PKCS#7 padding; a decryption returns null where the padding is wrong. */
export type AesCbcEngine = {
  name: 'noble' | 'crypto-js';
  encrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array | null;
};

export const nobleAes: AesCbcEngine = {
  name: 'noble',
  encrypt: (key, iv, plain) => cbc(key, iv).encrypt(plain),
  decrypt(key, iv, sealed) {
    try {
      return cbc(key, iv).decrypt(sealed);
    } catch {
      return null;
    }
  },
};

export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);
export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, seed);

/** Strict verification (RFC 8032, canonical encodings only); never throws. */
export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** Whether a key seen for the first time is a canonical point that is not of low order. */
export function isSoundEd25519Key(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder();
  } catch {
    return false;
  }
}

export const x25519PublicKey = (privateKey: Uint8Array): Uint8Array => x25519.getPublicKey(privateKey);

/** The shared secret (RFC 7748), or null where it is all zeros: the other side chose a point of low order. */
export function x25519Shared(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  try {
    const shared = x25519.getSharedSecret(privateKey, publicKey);
    return shared.some((byte) => byte !== 0) ? shared : null;
  } catch {
    return null;
  }
}
