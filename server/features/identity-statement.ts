/** Identity statements and Ed25519 signatures as the server checks them (docs/e2e-protocol.md sections 2 and 3). */
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export type IdentityStatement = { userUid: string; version: number; x: string; ed: string };

/** SHA-256 in base64url. */
export const sha256 = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('base64url');

/** The first 16 bytes of a statement's SHA-256: how records name it. */
export const fingerprint = (statement: string): string =>
  createHash('sha256').update(statement).digest().subarray(0, 16).toString('base64url');

/** True if the text is the one spelling of exactly `bytes` bytes. */
export function isCanonicalB64(text: string, bytes: number): boolean {
  const decoded = Buffer.from(text, 'base64url');
  return decoded.length === bytes && decoded.toString('base64url') === text;
}

/** The parts of a statement, or null if it is not one that was spelled canonically. */
export function parseStatement(statement: string): IdentityStatement | null {
  const [prefix, label, userUid = '', version = '', x = '', ed = '', ...rest] = statement.split('|');
  const isStatement = prefix === 'maru/1' && label === 'identity' && rest.length === 0;
  if (!isStatement || !/^[1-9][0-9]{0,3}$/.test(version)) return null;
  if (!isCanonicalB64(userUid, 16) || !isCanonicalB64(x, 32) || !isCanonicalB64(ed, 32)) return null;
  return { userUid, version: Number(version), x, ed };
}

/**
 * Verifies a signature over `text` strictly: OpenSSL refuses s ≥ L and any encoding of R but the canonical one; keys of
 * low order and non-canonical keys are refused here, since with them one signature fits many texts.
 */
export function isSignedBy(ed: string, text: string, signature: string): boolean {
  if (!isStrictEd25519Key(Buffer.from(ed, 'base64url')) || !isCanonicalB64(signature, 64)) return false;
  return verify(null, Buffer.from(text), publicKey('Ed25519', ed), Buffer.from(signature, 'base64url'));
}

/** False for the X25519 points with which every shared secret is zero. */
export function isSafeX25519Key(x: string): boolean {
  try {
    const { privateKey } = generateKeyPairSync('x25519');
    diffieHellman({ privateKey, publicKey: publicKey('X25519', x) });
    return true;
  } catch {
    // OpenSSL throws when the result is all zeros
    return false;
  }
}

const publicKey = (curve: 'Ed25519' | 'X25519', bytes: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: curve, x: bytes }, format: 'jwk' });

/** p = 2^255 − 19, little-endian, is `ed ff … ff 7f`: a y at or above it has a second, canonical spelling. */
function isCanonicalY(key: Buffer): boolean {
  const isAllOnes = key.subarray(1, 31).every((byte) => byte === 0xff);
  return !(isAllOnes && ((key[31] ?? 0) & 0x7f) === 0x7f && (key[0] ?? 0) >= 0xed);
}

/** The y coordinates of the eight points of low order, without the sign bit (RFC 8032; cofactor 8). */
const lowOrderY = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

function isStrictEd25519Key(key: Buffer): boolean {
  if (key.length !== 32 || !isCanonicalY(key)) return false;
  const y = Buffer.from(key);
  y[31] = (y[31] ?? 0) & 0x7f;
  return !lowOrderY.has(y.toString('hex'));
}
