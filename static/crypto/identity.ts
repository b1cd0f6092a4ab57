import type { StatementRow } from '#contract/sealed.ts';
import { context, decodeBase64Exact, decodeNumber, encodeBase64, encodeUtf8, isUid } from './encoding.ts';
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  isSoundEd25519Key,
  sha256,
  x25519PublicKey,
} from './primitives.ts';
import type { Random } from './random.ts';

/** Identity versions and their statements (docs/e2e-protocol.md section 3). */

/** The private half: an X25519 private key and an Ed25519 seed, 32 bytes each. */
export type IdentityKeys = { version: number; x25519: Uint8Array; ed25519: Uint8Array };

/** The public half, as its statement names it. `entry` is `P.v.fp`. */
export type PublicIdentity = {
  userUid: string;
  version: number;
  fingerprint: string;
  entry: string;
  x25519: Uint8Array;
  ed25519: Uint8Array;
};

export const highestIdentityVersion = 9_999;

/** New private keys for a version. */
export const createIdentityKeys = (version: number, random: Random): IdentityKeys => ({
  version,
  x25519: random(32),
  ed25519: random(32),
});

/** The statement that publishes the keys, and its own signature. */
export function makeStatement(userUid: string, keys: IdentityKeys): StatementRow {
  const x = encodeBase64(x25519PublicKey(keys.x25519));
  const ed = encodeBase64(ed25519PublicKey(keys.ed25519));
  const statement = context('identity', userUid, keys.version, x, ed);
  const signature = encodeBase64(ed25519Sign(keys.ed25519, encodeUtf8(statement)));
  return { userUid, version: keys.version, statement, signature };
}

/** The first 16 bytes of the statement's SHA-256, in base64url. */
export const fingerprintOf = (statement: string): string =>
  encodeBase64(sha256(encodeUtf8(statement)).subarray(0, 16));

/**
 * The identity in a statement, or null unless the statement is well-formed and names that person and version. The
 * signature is not looked at: that suffices only where the fingerprint was verified before (a pin).
 */
export function parseStatement(row: StatementRow): PublicIdentity | null {
  const { userUid, version, statement } = row;
  const fields = typeof statement === 'string' ? statement.split('|') : [];
  const [prefix, label, uid, versionText, xText, edText] = fields;
  if (fields.length !== 6 || prefix !== 'maru/1' || label !== 'identity') return null;
  const x25519 = decodeBase64Exact(xText, 32);
  const ed25519 = decodeBase64Exact(edText, 32);
  if (x25519 === null || ed25519 === null || !isUid(uid) || uid !== userUid) return null;
  if (decodeNumber(versionText ?? '') !== version || !isIdentityVersion(version)) return null;
  const fingerprint = fingerprintOf(statement);
  return { userUid, version, fingerprint, entry: entryOf(userUid, version, fingerprint), x25519, ed25519 };
}

/**
 * Like parseStatement, for a key that is seen for the first time: its own signature must verify (strictly), and
 * neither key may be of low order.
 */
export function verifyStatement(row: StatementRow): PublicIdentity | null {
  const identity = parseStatement(row);
  const signature = decodeBase64Exact(row.signature, 64);
  if (identity === null || signature === null) return null;
  if (isLowOrderX25519(identity.x25519) || !isSoundEd25519Key(identity.ed25519)) return null;
  return ed25519Verify(identity.ed25519, encodeUtf8(row.statement), signature) ? identity : null;
}

/** `P.v.fp`. */
export const entryOf = (userUid: string, version: number, fingerprint: string): string =>
  `${userUid}.${String(version)}.${fingerprint}`;

/** Whether it is one of 1…9999. */
export const isIdentityVersion = (version: unknown): version is number =>
  typeof version === 'number' &&
  Number.isSafeInteger(version) &&
  version >= 1 &&
  version <= highestIdentityVersion;

// The u-coordinates of order 1, 2, 4 and 8 on the curve and its twist, with the two spellings above the prime
// (RFC 7748 §5 takes them modulo p). With any of them the shared secret is all zeros, whatever the private key.
const lowOrderPoints = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

/** Whether an X25519 public key is of low order; the unused top bit is ignored, as the function itself does. */
export function isLowOrderX25519(publicKey: Uint8Array): boolean {
  const hex = Array.from(publicKey, (byte, index) =>
    (index === 31 ? byte & 0x7f : byte).toString(16).padStart(2, '0'),
  ).join('');
  return lowOrderPoints.includes(hex);
}
