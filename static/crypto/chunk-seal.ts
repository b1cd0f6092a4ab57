import { aadLengthOf, bodyOf, checkKey } from './seal.ts';
import { concatBytes, encodeUtf8, isSameBytes } from './encoding.ts';

/**
 * SEAL and OPEN by the browser's own cryptography, for file chunks where a secure context offers it. Byte for byte
 * the construction of seal.ts.
 */
export type ChunkSealer = {
  seal(key: Uint8Array, aad: string, plain: Uint8Array): Promise<Uint8Array>;
  open(key: Uint8Array, aad: string, sealed: Uint8Array): Promise<Uint8Array | null>;
};

/** A chunk sealer over WebCrypto; throws BAD_INPUT for a key that is not 64 bytes long. */
export function createWebCryptoSealer(
  subtle: SubtleCrypto,
  random: (length: number) => Uint8Array,
): ChunkSealer {
  const aesKey = (key: Uint8Array, usage: KeyUsage): Promise<CryptoKey> =>
    subtle.importKey('raw', copyOf(key.subarray(32)), 'AES-CBC', false, [usage]);

  const tagOf = async (key: Uint8Array, aad: string, body: Uint8Array): Promise<Uint8Array> => {
    const algorithm = { name: 'HMAC', hash: 'SHA-512' };
    const macKey = await subtle.importKey('raw', copyOf(key.subarray(0, 32)), algorithm, false, ['sign']);
    const aadBytes = encodeUtf8(aad);
    const covered = concatBytes(aadBytes, body, aadLengthOf(aadBytes));
    return new Uint8Array(await subtle.sign('HMAC', macKey, copyOf(covered))).subarray(0, 32);
  };

  return {
    async seal(key, aad, plain) {
      checkKey(key);
      const iv = copyOf(random(16));
      const sealed = await subtle.encrypt(
        { name: 'AES-CBC', iv },
        await aesKey(key, 'encrypt'),
        copyOf(plain),
      );
      const body = concatBytes(iv, new Uint8Array(sealed));
      return concatBytes(body, await tagOf(key, aad, body));
    },
    async open(key, aad, sealed) {
      checkKey(key);
      const body = bodyOf(sealed);
      if (body === null) return null;
      if (!isSameBytes(await tagOf(key, aad, body), sealed.subarray(body.length))) return null;
      const iv = copyOf(body.subarray(0, 16));
      try {
        const cipherText = copyOf(body.subarray(16));
        return new Uint8Array(
          await subtle.decrypt({ name: 'AES-CBC', iv }, await aesKey(key, 'decrypt'), cipherText),
        );
      } catch {
        return null;
      }
    },
  };
}

/** A copy on a buffer of its own: WebCrypto does not take views of shared memory. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
