/** What `build/bundle.ts` tells the server about the files of the web client. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { StartupError } from './startup-error.ts';

export const StaticFile = z.object({
  /** The value of Content-Type. */
  type: z.string(),
  sizeBytes: z.int(),
  /** base64url of the first 16 bytes of SHA-256: the ETag. */
  hash: z.string(),
  /** Which of `<file>.br` and `<file>.gz` lie beside it. */
  encodings: z.array(z.enum(['br', 'gzip'])),
  /** The name holds a hash of the content, so that a browser may keep it for ever. */
  isImmutable: z.boolean(),
  /** `wasm-worker`: the one response whose policy allows WebAssembly. */
  policy: z.enum(['page', 'wasm-worker']),
});
export type StaticFile = z.infer<typeof StaticFile>;

/** Keys are paths as requested, `/assets/main-ABCDEFGH.js`; `/index.html` is the page itself. */
export const StaticManifest = z.object({ version: z.literal(1), files: z.record(z.string(), StaticFile) });
export type StaticManifest = z.infer<typeof StaticManifest>;

export const manifestName = 'manifest.json';

/** Reads the manifest of a bundled client; throws StartupError BUNDLE_MISSING if there is none that can be read. */
export function readStaticManifest(folder: string): StaticManifest {
  try {
    return StaticManifest.parse(JSON.parse(readFileSync(path.join(folder, manifestName), 'utf8')));
  } catch (error) {
    throw new StartupError('BUNDLE_MISSING', { path: folder }, { cause: error });
  }
}
