/** Argon2id by WebAssembly. */
import { argon2id } from 'hash-wasm';
import type { Argon2 } from './engine-types.ts';

/** Argon2id (RFC 9106), 32 bytes; rejects where no WebAssembly may be compiled. Only the Argon2 worker calls this. */
export const argon2idWasm: Argon2 = (password, salt, kdf) =>
  argon2id({
    password: new TextEncoder().encode(password),
    salt,
    memorySize: kdf.memoryKiB,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
