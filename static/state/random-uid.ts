/** Random ids and choices, from the browser's cryptographic source (the only one that plain HTTP offers, too). */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 128 random bits as 22 characters of base64url: how rooms, messages and devices are named. */
export const randomUid = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet.charAt((held >> bits) & 63);
    }
    held &= (1 << bits) - 1;
  }
  // 128 bits are 21 characters and two bits; the last character carries these and four zero bits.
  return text + alphabet.charAt((held << (6 - bits)) & 63);
};

/** A whole number from 0 to below − 1. The bias of a 32-bit remainder does not matter for the small numbers asked here. */
export const randomWholeNumber = (below: number): number => {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value % below;
};
