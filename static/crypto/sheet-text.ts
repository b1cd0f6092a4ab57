/** How a recovery sheet is written and typed: Crockford base 32. No key is made here, so the page may use it. */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const sheetGroupCount = 9;
const groupLength = 4;

/** Letters that look alike are one (Crockford): O is 0, I and L are 1; case, blanks and hyphens do not count. */
export const normaliseSheetText = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');

/** Whether a typed group is the group shown. */
export const isSameSheetGroup = (shown: string, typed: string): boolean =>
  normaliseSheetText(shown) === normaliseSheetText(typed);

/** Groups of four characters; five bits a character, most significant first. The bits must be a multiple of 20. */
export function encodeSheetGroups(bytes: Uint8Array, bitCount: number): string[] {
  let text = '';
  for (let bit = 0; bit < bitCount; bit += 5) {
    let value = 0;
    for (let offset = bit; offset < bit + 5; offset += 1) {
      value = (value << 1) | (((bytes[offset >> 3] ?? 0) >> (7 - (offset & 7))) & 1);
    }
    text += alphabet.charAt(value);
  }
  const groups: string[] = [];
  for (let start = 0; start < text.length; start += groupLength) {
    groups.push(text.slice(start, start + groupLength));
  }
  return groups;
}

/** The bytes of normalised Crockford text whose length is a multiple of eight characters, or null. */
export function decodeSheetText(text: string): Uint8Array | null {
  const bytes = new Uint8Array((text.length * 5) / 8);
  for (let index = 0; index < text.length; index += 1) {
    const value = alphabet.indexOf(text.charAt(index));
    if (value < 0) return null;
    for (let offset = 0; offset < 5; offset += 1) {
      const bit = index * 5 + offset;
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (((value >> (4 - offset)) & 1) << (7 - (bit & 7)));
    }
  }
  return bytes;
}
