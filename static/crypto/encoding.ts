import { CryptoError } from './crypto-error.ts';

/** Bytes, text and the context strings that everything is bound to (docs/e2e-protocol.md, Encodings). */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const valueByCode = new Int8Array(128).fill(-1);
for (let value = 0; value < alphabet.length; value += 1) valueByCode[alphabet.charCodeAt(value)] = value;

/** Base64url without padding (RFC 4648 §5). */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  let index = 0;
  for (; index + 2 < bytes.length; index += 3) {
    const word = (byteAt(bytes, index) << 16) | (byteAt(bytes, index + 1) << 8) | byteAt(bytes, index + 2);
    parts.push(letter(word >> 18) + letter(word >> 12) + letter(word >> 6) + letter(word));
  }
  const rest = bytes.length - index;
  if (rest === 1) {
    const word = byteAt(bytes, index) << 4;
    parts.push(letter(word >> 6) + letter(word));
  } else if (rest === 2) {
    const word = (byteAt(bytes, index) << 10) | (byteAt(bytes, index + 1) << 2);
    parts.push(letter(word >> 12) + letter(word >> 6) + letter(word));
  }
  return parts.join('');
}

/**
 * The bytes of base64url text, or null unless it is canonical: padding, white space, foreign characters and
 * non-zero trailing bits are refused, so that one value has one spelling.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let filled = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = valueByCode[text.charCodeAt(index)] ?? -1;
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[filled] = (word >> bits) & 0xff;
      filled += 1;
    }
  }
  return (word & ((1 << bits) - 1)) === 0 ? bytes : null;
}

/** Like decodeBase64, for exactly `length` bytes. */
export function decodeBase64Exact(text: unknown, length: number): Uint8Array | null {
  if (typeof text !== 'string') return null;
  const bytes = decodeBase64(text);
  return bytes !== null && bytes.length === length ? bytes : null;
}

const fieldPattern = /^[A-Za-z0-9_.:,-]+$/;

/**
 * `maru/1|label|field|…`: what is signed, sealed or derived is bound to this string. A field that could blur
 * the borders between fields is refused by BAD_INPUT.
 */
export function context(label: string, ...fields: (string | number)[]): string {
  const texts = fields.map((field) => (typeof field === 'number' ? encodeNumber(field) : field));
  for (const text of [label, ...texts]) if (!fieldPattern.test(text)) throw new CryptoError('BAD_INPUT');
  return `maru/1|${[label, ...texts].join('|')}`;
}

/** The canonical decimal text of a whole number up to 2⁵³ − 1; BAD_INPUT for anything else. */
export function encodeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new CryptoError('BAD_INPUT');
  return String(value);
}

/** The number of canonical decimal text (`0|[1-9][0-9]*`, at most 2⁵³ − 1), or null. */
export function decodeNumber(text: string): number | null {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

const utf8Encoder = new TextEncoder();
// ignoreBOM: the bytes that were signed and the text that is parsed must stay the same thing.
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 of the text as it is. */
export const encodeUtf8 = (text: string): Uint8Array => utf8Encoder.encode(text);

/** The text of UTF-8 bytes, or null if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** UTF-8 bytes of `value` as JSON in NFC. */
export const encodeJson = (value: unknown): Uint8Array => encodeUtf8(JSON.stringify(value).normalize('NFC'));

/** The JSON object in UTF-8 bytes, or null if they hold anything else. */
export function decodeJsonObject(bytes: Uint8Array): Record<string, unknown> | null {
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a parsed JSON value is an object (not an array, not null). */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a parsed JSON value is a whole number from 0 to 2⁵³ − 1. */
export const isWholeNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** The parts one after another. */
export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** Whether two byte strings are the same, in a time that depends on their length only. */
export function isSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) {
    difference |= byteAt(left, index) ^ byteAt(right, index);
  }
  return difference === 0;
}

const uidPattern = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** Whether it is the 22-character form of a random 128-bit id. */
export const isUid = (value: unknown): value is string => typeof value === 'string' && uidPattern.test(value);

const messageNamePattern = /^[A-Za-z0-9_-]{21}[AQgw]\.[A-Za-z0-9_-]{21}[AQgw]$/;

/** Whether it is `senderUid.clientId`. */
export const isMessageName = (value: unknown): value is string =>
  typeof value === 'string' && messageNamePattern.test(value);

const letter = (value: number): string => alphabet.charAt(value & 63);
// Callers stay inside the array; the index type cannot say so.
const byteAt = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;
