import { contentsOf } from './tree.ts';
import type { TreeFile } from './tree.ts';

const block = 512;

/**
 * A tar archive (POSIX.1-1988 "ustar") of files owned by root, all from one moment: the same files make the same bytes.
 * @param modifiedAt in seconds
 */
export function* tarFile(files: readonly TreeFile[], modifiedAt: number): Generator<Uint8Array> {
  for (const file of files) {
    const contents = contentsOf(file);
    yield header(file, contents.length, modifiedAt);
    yield contents;
    yield Buffer.alloc((block - (contents.length % block)) % block);
  }
  yield Buffer.alloc(2 * block);
}

function header({ name, isExecutable }: TreeFile, sizeBytes: number, modifiedAt: number): Buffer {
  const buffer = Buffer.alloc(block);
  const { prefix, rest } = splitName(name);
  const octal = (value: number, offset: number, length: number): void =>
    void buffer.write(value.toString(8).padStart(length - 1, '0'), offset, 'ascii');
  buffer.write(rest, 0, 'utf8');
  octal(isExecutable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(sizeBytes, 124, 12);
  octal(modifiedAt, 136, 12);
  // the sum counts its own field as spaces
  buffer.fill(' ', 148, 156);
  buffer.write('0', 156, 'ascii');
  buffer.write('ustar\x0000', 257, 'ascii');
  buffer.write('root', 265, 'ascii');
  buffer.write('root', 297, 'ascii');
  buffer.write(prefix, 345, 'utf8');
  const sum = buffer.reduce((total, byte) => total + byte, 0);
  buffer.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return buffer;
}

/** A name has 100 bytes, and 155 more for folders before it. */
function splitName(name: string): { prefix: string; rest: string } {
  if (Buffer.byteLength(name) <= 100) return { prefix: '', rest: name };
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const prefix = name.slice(0, at);
    const rest = name.slice(at + 1);
    if (Buffer.byteLength(rest) <= 100 && Buffer.byteLength(prefix) <= 155) return { prefix, rest };
  }
  throw new Error(`too long a name for an archive: ${name}`);
}
