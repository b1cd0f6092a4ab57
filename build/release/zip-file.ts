import { crc32, deflateRawSync } from 'node:zlib';
import { contentsOf } from './tree.ts';
import type { TreeFile } from './tree.ts';

const versionNeeded = 20;
const isUtf8 = 0x0800;
const deflated = 8;
const unix = 3;

/**
 * A zip archive (PKWARE APPNOTE 6.3) of files from one moment: the same files make the same bytes. Everything together must
 * stay below 4 GB.
 */
export function* zipFile(files: readonly TreeFile[], modifiedAt: Date): Generator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const contents = contentsOf(file);
    const packed = deflateRawSync(contents, { level: 9 });
    const name = Buffer.from(file.name);
    const described = description(contents, packed.length, name.length, modifiedAt);
    const local = Buffer.concat([signature(0x04034b50), described, name]);
    directory.push(entry(described, name, file.isExecutable, offset));
    offset += local.length + packed.length;
    yield local;
    yield packed;
  }
  const listing = Buffer.concat(directory);
  yield listing;
  yield endRecord(files.length, listing.length, offset);
}

function signature(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

/** What the local header and the directory say in the same words. */
function description(contents: Uint8Array, packedBytes: number, nameBytes: number, modifiedAt: Date): Buffer {
  const buffer = Buffer.alloc(26);
  buffer.writeUInt16LE(versionNeeded, 0);
  buffer.writeUInt16LE(isUtf8, 2);
  buffer.writeUInt16LE(deflated, 4);
  // MS-DOS time, in UTC so that the machine's zone does not show
  const time = (modifiedAt.getUTCHours() << 11) | (modifiedAt.getUTCMinutes() << 5);
  const date =
    ((modifiedAt.getUTCFullYear() - 1980) << 9) |
    ((modifiedAt.getUTCMonth() + 1) << 5) |
    modifiedAt.getUTCDate();
  buffer.writeUInt16LE(time, 6);
  buffer.writeUInt16LE(date, 8);
  buffer.writeUInt32LE(crc32(contents), 10);
  buffer.writeUInt32LE(packedBytes, 14);
  buffer.writeUInt32LE(contents.length, 18);
  buffer.writeUInt16LE(nameBytes, 22);
  return buffer;
}

function entry(described: Buffer, name: Buffer, isExecutable: boolean, offset: number): Buffer {
  const madeBy = Buffer.from([versionNeeded, unix]);
  const rest = Buffer.alloc(14);
  // the upper half is the file's mode on Unix: a regular file
  rest.writeUInt32LE(((isExecutable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature(0x02014b50), madeBy, described, rest, name]);
}

function endRecord(count: number, listingBytes: number, listingOffset: number): Buffer {
  const buffer = Buffer.alloc(22);
  buffer.writeUInt32LE(0x06054b50, 0);
  buffer.writeUInt16LE(count, 8);
  buffer.writeUInt16LE(count, 10);
  buffer.writeUInt32LE(listingBytes, 12);
  buffer.writeUInt32LE(listingOffset, 16);
  return buffer;
}
