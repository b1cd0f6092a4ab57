/** Argon2id in JavaScript, many times slower: loaded only where WebAssembly does not run. */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Argon2 } from './engine-types.ts';

/** Argon2id (RFC 9106), 32 bytes, without WebAssembly. */
export const argon2idScript: Argon2 = (password, salt, kdf) =>
  argon2idAsync(new TextEncoder().encode(password), salt, {
    m: kdf.memoryKiB,
    t: kdf.iterations,
    p: kdf.parallelism,
    dkLen: 32,
  });
