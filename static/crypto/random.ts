import { CryptoError } from './crypto-error.ts';
import { encodeBase64 } from './encoding.ts';

export type Random = (length: number) => Uint8Array;

/** crypto.getRandomValues, the only source there is; NO_RANDOM where the browser has none: nothing is sent then. */
export function browserRandom(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  try {
    globalThis.crypto.getRandomValues(bytes);
  } catch {
    throw new CryptoError('NO_RANDOM');
  }
  return bytes;
}

/** A random 128-bit id in its 22-character form. */
export const createUid = (random: Random): string => encodeBase64(random(16));
