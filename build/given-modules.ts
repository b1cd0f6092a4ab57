/**
 * A part that the engine's worker loads later (static/crypto/memo-script.ts) uses the worker's own primitives and errors, which
 * the worker leaves in its global scope: a second copy of the libraries would weigh more than the part, and an error of a second
 * class would not be known for what it is.
 */
import type { Plugin } from 'esbuild';

/** As crypto-worker.ts gives them; what is not among them does not bundle. */
const names = [
  'CryptoError',
  'ed25519PublicKey',
  'ed25519Sign',
  'ed25519Verify',
  'hkdfSha256',
  'isSoundEd25519Key',
  'sha256',
  'sha512',
  'x25519PublicKey',
  'x25519Shared',
];

export const givenModules: Plugin = {
  name: 'given-modules',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]static[\\/]crypto[\\/](primitives|crypto-error)\.ts$/ }, () => ({
      contents: `export const { ${names.join(', ')} } = globalThis.maruGiven;`,
      loader: 'js',
    }));
  },
};
