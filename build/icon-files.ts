/** The containers that operating systems want pictures in, each holding PNGs as they are. */

export type Picture = { size: number; png: Uint8Array };

/** A Windows `.ico` (since Vista its entries may be PNGs): a directory, then the pictures. */
export function icoFile(pictures: readonly Picture[]): Uint8Array {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index;
    // 256 does not fit into a byte and is written as 0
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/** Which entry of an `.icns` holds a PNG of which size. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** A macOS `.icns`: four letters and a length before each picture, and before them all. */
export function icnsFile(pictures: readonly Picture[]): Uint8Array {
  const entries = pictures.flatMap(({ size, png }) =>
    (icnsTypes[size] ?? []).map((type) => Buffer.concat([tagged(type, 8 + png.length), png])),
  );
  const length = 8 + entries.reduce((sum, entry) => sum + entry.length, 0);
  return Buffer.concat([tagged('icns', length), ...entries]);
}

function tagged(type: string, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'ascii');
  head.writeUInt32BE(length, 4);
  return head;
}
