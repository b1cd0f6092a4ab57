/** AES by crypto-js, which is no longer developed: loaded only where the other engine computes wrongly. */
import cryptoJsAes from 'crypto-js/aes.js';
import cryptoJs from 'crypto-js/core.js';
import type { AesCbcEngine } from './primitives.ts';

type WordArray = ReturnType<typeof cryptoJs.lib.WordArray.create>;

/** The compatibility engine: slower, for browsers in which the other one computes wrongly, and the oracle in tests. */
export const cryptoJsAes256: AesCbcEngine = {
  name: 'crypto-js',
  encrypt: (key, iv, plain) =>
    toBytes(cryptoJsAes.encrypt(toWords(plain), toWords(key), { iv: toWords(iv) }).ciphertext),
  decrypt(key, iv, sealed) {
    if (sealed.length === 0 || sealed.length % 16 !== 0) return null;
    const parameters = cryptoJs.lib.CipherParams.create({ ciphertext: toWords(sealed) });
    const plain = cryptoJsAes.decrypt(parameters, toWords(key), { iv: toWords(iv) });
    // Its unpadding trusts the last byte: a length outside the block is how wrong padding shows.
    const padding = sealed.length - plain.sigBytes;
    return padding >= 1 && padding <= 16 ? toBytes(plain) : null;
  },
};

// crypto-js counts in 32-bit big-endian words.
const toWords = (bytes: Uint8Array): WordArray => {
  const words: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    words[index >>> 2] = (words[index >>> 2] ?? 0) | ((bytes[index] ?? 0) << (24 - (index % 4) * 8));
  }
  return cryptoJs.lib.WordArray.create(words, bytes.length);
};

const toBytes = (words: WordArray): Uint8Array => {
  const bytes = new Uint8Array(words.sigBytes);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = ((words.words[index >>> 2] ?? 0) >>> (24 - (index % 4) * 8)) & 0xff;
  }
  return bytes;
};
