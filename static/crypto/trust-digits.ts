import { context, encodeBase64, encodeUtf8 } from './encoding.ts';
import type { Argon2 } from './engine-types.ts';
import { defaultKdf } from './key-derivation.ts';
import { sha256, sha512 } from './primitives.ts';

/** What people read out to each other and compare (docs/e2e-protocol.md section 7). */

/** 5 bytes, big-endian. */
const numberAt = (bytes: Uint8Array, start: number): number =>
  bytes.subarray(start, start + 5).reduce((sum, byte) => sum * 256 + byte, 0);

/**
 * 12 digits over a statement or record: Argon2id, on purpose slow, because the 10¹² results of a short plain hash could be
 * searched for a second text. `ownerUid` is the person of a statement, the room of a record: nothing that is computed for one
 * serves for another.
 */
export async function digitsOf(argon2: Argon2, ownerUid: string, text: string): Promise<string> {
  const salt = sha256(encodeUtf8(context('digits', ownerUid))).subarray(0, 16);
  const hash = await argon2(text, salt, defaultKdf);
  return String(numberAt(hash, 0) % 10 ** 12).padStart(12, '0');
}

/** What was typed of digits, without what people put between them; null where it is not 12 digits. */
export function readDigits(typed: string): string | null {
  // NFKC: a Korean or Japanese keyboard may give them in full width.
  const digits = typed.normalize('NFKC').replace(/[\s.\-–—]/g, '');
  return /^[0-9]{12}$/.test(digits) ? digits : null;
}

const codePrefix = 'maru-sn1:';

/** `H` of two statements, whichever is given first: twelve groups of five digits, and the text of the QR code. */
export function safetyNumberOf(left: string, right: string): { groups: string[]; code: string } {
  const [first, second] = left < right ? [left, right] : [right, left];
  // Statements are ASCII, for which the order of code units is the order of bytes.
  const hash = sha512(encodeUtf8(`${context('safety')}|${first}|${second}`));
  const groups = Array.from({ length: 12 }, (_, index) =>
    String(numberAt(hash, index * 5) % 100_000).padStart(5, '0'),
  );
  return { groups, code: codePrefix + encodeBase64(hash) };
}

/** The code in a scanned or pasted text; null where it is none of ours. */
export function readCode(typed: string): string | null {
  const text = typed.trim();
  return /^maru-sn1:[A-Za-z0-9_-]{86}$/.test(text) ? text : null;
}
