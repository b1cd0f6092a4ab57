/**
 * The body of a load message has the form of an envelope (docs/e2e-protocol.md section 5), which is all that the server
 * checks. Where ciphertext would be, it carries the time of sending, so that every delivery tells its own latency.
 */
import { randomBytes } from 'node:crypto';

const timeDigits = 16;
const marker = Buffer.from('"m1.');
const seqMarker = Buffer.from('"seq":');
const zero = 0x30;
const dot = 0x2e;

/** Builds bodies for one epoch that look like `sealedBytes` sealed bytes: a multiple of 16, as SEAL gives. */
export function createBodyMaker(epoch: number, sealedBytes: number): (sentAtUs: number) => string {
  const head = `m1.${epoch}.`;
  // the filler is the end of a real base64url text, because its last character must have no stray bits
  const filler = randomBytes(sealedBytes).toString('base64url').slice(timeDigits);
  return (sentAtUs) => head + String(Math.floor(sentAtUs)).padStart(timeDigits, '0') + filler;
}

/** Finds a text in frames that all look alike: where it was in the last one is where it will be in the next. */
function createFinder(text: Buffer): (buffer: Buffer, start: number, end: number) => number {
  let guess = 0;
  const isAt = (buffer: Buffer, at: number): boolean => {
    for (let index = 0; index < text.length; index += 1) if (buffer[at + index] !== text[index]) return false;
    return true;
  };
  return (buffer, start, end) => {
    if (start + guess + text.length <= end && isAt(buffer, start + guess)) return start + guess + text.length;
    const at = buffer.indexOf(text, start);
    if (at < 0 || at >= end) return -1;
    guess = at - start;
    return at + text.length;
  };
}

function digitsAt(buffer: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (buffer[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

const findBody = createFinder(marker);
const findSeq = createFinder(seqMarker);

/** The time of sending (µs) that a frame carries, or -1 if no body is in it. */
export function sentAtUsOf(buffer: Buffer, start: number, end: number): number {
  let at = findBody(buffer, start, end);
  if (at < 0) return -1;
  while (at < end && buffer[at] !== dot) at += 1;
  return digitsAt(buffer, at + 1, at + 1 + timeDigits);
}

/** The room's message number that a frame carries, or -1. */
export function seqOf(buffer: Buffer, start: number, end: number): number {
  const at = findSeq(buffer, start, end);
  return at < 0 ? -1 : digitsAt(buffer, at, end);
}
