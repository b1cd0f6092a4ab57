import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#contract/limits.ts';
import { readPicture } from './picture-rules.ts';

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const base64 = (...parts: Buffer[]): string => Buffer.concat(parts).toString('base64');

const png = (width: number, height: number, rest = 60): string =>
  base64(
    hex('89504e470d0a1a0a 0000000d 49484452'),
    uint32(width),
    uint32(height),
    hex('0806000000'),
    Buffer.alloc(rest),
  );
const jpeg = (width: number, height: number): string => {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(height);
  size.writeUInt16BE(width, 2);
  return base64(hex('ffd8 ffe0 0004 0000 ffc2 000b 08'), size, Buffer.alloc(20));
};
const webp = (kind: string, header: Buffer): string =>
  base64(
    Buffer.from('RIFF'),
    Buffer.alloc(4),
    Buffer.from('WEBP'),
    Buffer.from(kind),
    Buffer.alloc(4),
    header,
  );

test('the three kinds are told by their bytes, whatever anybody calls them', () => {
  assert.equal(readPicture(png(128, 128))?.mediaType, 'image/png');
  assert.equal(readPicture(jpeg(128, 96))?.mediaType, 'image/jpeg');
  const lossy = webp('VP8 ', hex('000000 9d012a 8000 8000 0000 0000 0000'));
  const lossless = webp('VP8L', hex('2f 7fc01f00 0000 0000 0000 0000 0000'));
  const extended = webp('VP8X', hex('00000000 7f0000 7f0000 00000000'));
  for (const picture of [lossy, lossless, extended]) {
    assert.equal(readPicture(picture)?.mediaType, 'image/webp');
  }
});

test('a picture is named by its bytes', () => {
  assert.equal(readPicture(png(1, 1))?.hash, readPicture(png(1, 1))?.hash);
  assert.notEqual(readPicture(png(1, 1))?.hash, readPicture(png(1, 2))?.hash);
});

test('small files that claim to be enormous are refused, and so are empty ones', () => {
  const side = limits.roomPictureMaxPixels;
  assert.ok(readPicture(png(side, side)));
  assert.equal(readPicture(png(side + 1, 1)), null);
  assert.equal(readPicture(png(2 ** 31, 2 ** 31)), null);
  assert.equal(readPicture(jpeg(65_535, 1)), null);
  assert.equal(readPicture(png(0, 10)), null);
  assert.equal(readPicture(webp('VP8X', hex('00000000 ffffff ffffff 00000000'))), null);
});

test('everything else is refused: markup, other formats, too many bytes, other spellings of base64', () => {
  const text = (content: string): string => Buffer.from(content).toString('base64');
  assert.equal(readPicture(text('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>')), null);
  assert.equal(readPicture(text('GIF89a' + 'x'.repeat(60))), null);
  assert.equal(readPicture(text('')), null);
  assert.equal(readPicture(png(10, 10, limits.roomPictureMaxBytes)), null);
  assert.equal(readPicture(png(10, 10).replace(/=+$/, '') + '\n'), null);
  assert.equal(readPicture(base64(hex('ffd8ff'))), null);
  assert.equal(readPicture(base64(hex('ffd8 ffe0 0000 ffe0 0000'))), null);
});
