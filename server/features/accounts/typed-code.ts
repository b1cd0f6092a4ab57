/** Codes that people read out and type: the set-up code, an invitation, an admin’s code for a reset. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a code read from a screen is typed right. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Twelve characters, 60 random bits, in three groups. `randomBytes` is a cryptographic source. */
export function createTypedCode(randomBytes: (size: number) => Uint8Array): string {
  const characters = [...randomBytes(12)].map((byte) => alphabet[byte % 32] ?? '0').join('');
  return characters.replace(/(.{4})(?=.)/g, '$1-');
}

/** Compares what somebody typed with the code: case, hyphens, blanks and the usual confusions do not matter. */
export function isSameCode(code: string, typed: string): boolean {
  // hashed, so that both sides have one length and the comparison takes the same time whatever was typed
  return timingSafeEqual(digest(canonicalCode(code)), digest(canonicalCode(typed)));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A typed code as it was made, but for the hyphens. */
export const canonicalCode = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
