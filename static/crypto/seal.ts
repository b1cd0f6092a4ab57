import { CryptoError } from './crypto-error.ts';
import { concatBytes, encodeUtf8, isSameBytes } from './encoding.ts';
import { type AesCbcEngine, hmacSha512 } from './primitives.ts';

/**
 * SEAL and OPEN: AEAD_AES_256_CBC_HMAC_SHA_512 (RFC 7518 §5.2.5). The key is 64 bytes, MAC half first; the result
 * is IV(16) || ciphertext || tag(32). `aad` is a context string.
 */
export type Sealer = {
  engine: AesCbcEngine['name'];
  seal(key: Uint8Array, aad: string, plain: Uint8Array): Uint8Array;
  /** Null for any change of key, aad or bytes. */
  open(key: Uint8Array, aad: string, sealed: Uint8Array): Uint8Array | null;
};

const ivLength = 16;
const tagLength = 32;

/** A sealer over one AES engine; throws BAD_INPUT for a key that is not 64 bytes long. */
export function createSealer(engine: AesCbcEngine, random: (length: number) => Uint8Array): Sealer {
  return {
    engine: engine.name,
    seal(key, aad, plain) {
      checkKey(key);
      const iv = random(ivLength);
      const body = concatBytes(iv, engine.encrypt(key.subarray(32), iv, plain));
      return concatBytes(body, tagOf(key, aad, body));
    },
    open(key, aad, sealed) {
      checkKey(key);
      const body = bodyOf(sealed);
      if (body === null) return null;
      // The tag comes first: nothing is decrypted, and no padding is looked at, unless it is right.
      if (!isSameBytes(tagOf(key, aad, body), sealed.subarray(body.length))) return null;
      return engine.decrypt(key.subarray(32), body.subarray(0, ivLength), body.subarray(ivLength));
    },
  };
}

/** The IV and ciphertext of sealed bytes, or null where they are too short or not whole blocks. */
export function bodyOf(sealed: Uint8Array): Uint8Array | null {
  const length = sealed.length - tagLength;
  return length >= ivLength + 16 && length % 16 === 0 ? sealed.subarray(0, length) : null;
}

/** What the tag covers after the body: the length of the aad in bits, 64 bits big-endian (RFC 7518 §5.2.2.1). */
export function aadLengthOf(aad: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, aad.length * 8);
  return bytes;
}

function tagOf(key: Uint8Array, aad: string, body: Uint8Array): Uint8Array {
  const aadBytes = encodeUtf8(aad);
  return hmacSha512(key.subarray(0, 32), aadBytes, body, aadLengthOf(aadBytes)).subarray(0, tagLength);
}

/** Refuses BAD_INPUT unless it is a key of `SEAL`: 64 bytes. */
export function checkKey(key: Uint8Array): void {
  if (key.length !== 64) throw new CryptoError('BAD_INPUT');
}

/** NIST SP 800-38A F.2.5, first block (CBC-AES256), with the PKCS#7 block that a whole-block message adds. */
const knownKey = '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4';
const knownIv = '000102030405060708090a0b0c0d0e0f';
const knownPlain = '6bc1bee22e409f96e93d7e117393172a';
const knownFirstBlock = 'f58c4c04d6e5f1ba779eabfb5f7bfbd6';

/** Whether an engine computes what it must in this browser; run once at start. */
export function isAesEngineSound(engine: AesCbcEngine): boolean {
  try {
    const key = fromHex(knownKey);
    const iv = fromHex(knownIv);
    const sealed = engine.encrypt(key, iv, fromHex(knownPlain));
    if (sealed.length !== 32) return false;
    if (!isSameBytes(sealed.subarray(0, 16), fromHex(knownFirstBlock))) return false;
    const plain = engine.decrypt(key, iv, sealed);
    return plain !== null && isSameBytes(plain, fromHex(knownPlain));
  } catch {
    return false;
  }
}

/**
 * The first engine that passes its known-answer test; NO_AES_ENGINE when none does. An engine is only loaded when those
 * before it have failed; one that does not load counts as failed.
 */
export function chooseAesEngine(engines: readonly (() => AesCbcEngine)[]): AesCbcEngine {
  for (const load of engines) {
    const engine = loaded(load);
    if (engine !== null && isAesEngineSound(engine)) return engine;
  }
  throw new CryptoError('NO_AES_ENGINE');
}

function loaded(load: () => AesCbcEngine): AesCbcEngine | null {
  try {
    return load();
  } catch {
    return null;
  }
}

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
