/**
 * Which pictures are taken: WebP, PNG or JPEG by their first bytes, of a size that no browser has trouble with. A few bytes of
 * a file can claim to be an image of gigabytes, so its measures are read. Nothing is decoded here.
 */
import { createHash } from 'node:crypto';
import { limits } from '#contract/limits.ts';

export type Picture = { mediaType: string; hash: string };

type Size = { width: number; height: number };

/** What is to be stored of a picture; null if it is none of the three, too large, or not spelled as base64 is. */
export function readPicture(base64: string): Picture | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > limits.roomPictureMaxBytes || bytes.toString('base64') !== base64) return null;
  for (const [mediaType, sizeOf] of Object.entries(readers)) {
    const size = sizeOf(bytes);
    if (size === null) continue;
    const hash = createHash('sha256').update(bytes).digest().subarray(0, 16).toString('base64url');
    return isSmall(size) ? { mediaType, hash } : null;
  }
  return null;
}

const isSmall = ({ width, height }: Size): boolean =>
  Math.min(width, height) >= 1 && Math.max(width, height) <= limits.roomPictureMaxPixels;

const startsWith = (bytes: Buffer, hex: string, at = 0): boolean =>
  bytes.subarray(at, at + hex.length / 2).toString('hex') === hex;

/** Signature, then the header chunk with width and height (PNG, section 11.2.1). */
function pngSize(bytes: Buffer): Size | null {
  if (!startsWith(bytes, '89504e470d0a1a0a') || bytes.length < 33 || !startsWith(bytes, '49484452', 12)) {
    return null;
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Markers one after another up to the frame header (T.81, B.2.2); SOF4, SOF8 and SOF12 are no frame headers. */
function jpegSize(bytes: Buffer): Size | null {
  if (!startsWith(bytes, 'ffd8ff')) return null;
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}

/** One image: lossy, lossless, or extended (RFC 9649, sections 2.5 to 2.7). */
function webpSize(bytes: Buffer): Size | null {
  if (!startsWith(bytes, '52494646') || !startsWith(bytes, '57454250', 8) || bytes.length < 30) return null;
  switch (bytes.subarray(12, 16).toString('latin1')) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

const readers = { 'image/webp': webpSize, 'image/png': pngSize, 'image/jpeg': jpegSize };
