/**
 * Just enough of RFC 6455 for a load generator: masked text frames out, whole unmasked text frames in. A full WebSocket
 * client costs as much per frame as the server that is to be measured.
 */
import { randomBytes } from 'node:crypto';

const textFrame = 0x81;
const closeOpcode = 0x8;
const pingOpcode = 0x9;

/** One masked text frame (RFC 6455 section 5.2). */
export function encodeTextFrame(text: string): Buffer {
  const sizeBytes = Buffer.byteLength(text);
  const headBytes = sizeBytes < 126 ? 2 : sizeBytes < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + 4 + sizeBytes);
  frame[0] = textFrame;
  if (headBytes === 2) frame[1] = 0x80 | sizeBytes;
  else if (headBytes === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(sizeBytes, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(sizeBytes), 2);
  }
  const mask = randomBytes(4);
  mask.copy(frame, headBytes);
  const bodyAt = headBytes + 4;
  frame.write(text, bodyAt);
  for (let index = 0; index < sizeBytes; index += 1) {
    frame[bodyAt + index] = (frame[bodyAt + index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

/** Gets a text frame's payload as a range of a buffer that is only valid during the call. */
export type TextListener = (buffer: Buffer, start: number, end: number) => void;

export type FrameReader = { read: (chunk: Buffer) => void };

/** Cuts a stream of server frames into payloads. Servers here neither fragment nor mask. */
export function createFrameReader(onText: TextListener, onClose: () => void): FrameReader {
  let rest: Buffer | null = null;
  return {
    read(chunk) {
      const buffer: Buffer = rest === null ? chunk : Buffer.concat([rest, chunk]);
      rest = null;
      let at = 0;
      while (at < buffer.length) {
        const payload = payloadAt(buffer, at);
        if (payload === null || payload.end > buffer.length) {
          rest = Buffer.from(buffer.subarray(at)); // the chunk's memory belongs to the socket and is reused
          return;
        }
        const opcode = (buffer[at] ?? 0) & 0x0f;
        if (opcode === closeOpcode) onClose();
        else if (opcode !== pingOpcode) onText(buffer, payload.start, payload.end);
        at = payload.end;
      }
    },
  };
}

function payloadAt(buffer: Buffer, at: number): { start: number; end: number } | null {
  if (buffer.length < at + 2) return null;
  const short = (buffer[at + 1] ?? 0) & 0x7f;
  if (short < 126) return { start: at + 2, end: at + 2 + short };
  if (short === 126) {
    if (buffer.length < at + 4) return null;
    return { start: at + 4, end: at + 4 + buffer.readUInt16BE(at + 2) };
  }
  if (buffer.length < at + 10) return null;
  return { start: at + 10, end: at + 10 + Number(buffer.readBigUInt64BE(at + 2)) };
}
