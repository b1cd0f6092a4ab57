import type { KdfParameters } from '#contract/sealed.ts';
import { CryptoError } from './crypto-error.ts';
import { context, encodeUtf8 } from './encoding.ts';
import type { Argon2 } from './engine-types.ts';
import { hkdfSha256 } from './primitives.ts';

/** Sub-keys by HKDF and the password's master key (docs/e2e-protocol.md sections 2 and 3). */

const noSalt = new Uint8Array(0);

export type KeyLabel64 = 'wrap' | 'keys' | 'pins' | 'draft' | 'setting' | 'message' | 'reaction';
export type KeyLabel32 = 'auth' | 'recovery-auth' | 'recovery-x25519' | 'reaction-token';

const keyLengths: Record<KeyLabel64 | KeyLabel32, number> = {
  wrap: 64,
  keys: 64,
  pins: 64,
  draft: 64,
  setting: 64,
  message: 64,
  reaction: 64,
  auth: 32,
  'recovery-auth': 32,
  'recovery-x25519': 32,
  'reaction-token': 32,
};

/** `HKDF(key, label)`: 64 bytes, or 32 for the labels that name a shorter key. */
export const deriveKey = (key: Uint8Array, label: KeyLabel64 | KeyLabel32): Uint8Array =>
  hkdfSha256(key, noSalt, encodeUtf8(context('sub', label)), keyLengths[label]);

/** The 64-byte key of one browser, for what never leaves it. */
export const deriveDeviceKey = (localRoot: Uint8Array, deviceId: string): Uint8Array =>
  hkdfSha256(localRoot, noSalt, encodeUtf8(context('device-key', deviceId)), 64);

/** What new passwords are stretched with: 64 MiB, 3 passes, 1 lane. */
export const defaultKdf: KdfParameters = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };

/**
 * `authKey` (32 bytes, proves the password to the server) and `wrapKey` (64 bytes, wraps the vault key). Refuses
 * WEAK_KDF: a server could otherwise ask for a hash that is cheap to guess.
 */
export async function derivePasswordKeys(
  argon2: Argon2,
  password: string,
  salt: Uint8Array | null,
  kdf: KdfParameters,
): Promise<{ authKey: Uint8Array; wrapKey: Uint8Array }> {
  if (salt === null || salt.length !== 16 || !isStrongKdf(kdf)) throw new CryptoError('WEAK_KDF');
  const master = await argon2(password.normalize('NFKC'), salt, kdf);
  const keys = { authKey: deriveKey(master, 'auth'), wrapKey: deriveKey(master, 'wrap') };
  master.fill(0);
  return keys;
}

/** Whether Argon2id parameters are inside what a client accepts: 64–256 MiB, 3–10 passes, one lane. */
export function isStrongKdf(kdf: KdfParameters): boolean {
  const { memoryKiB, iterations, parallelism } = kdf;
  const isInside = (value: number, low: number, high: number): boolean =>
    Number.isSafeInteger(value) && value >= low && value <= high;
  return isInside(memoryKiB, 65_536, 262_144) && isInside(iterations, 3, 10) && parallelism === 1;
}
