/** The server: one entry and the two workers beside it, in shared pieces, so that what a start does not need is not read. */
import path from 'node:path';
import { build } from 'esbuild';
import type { Bundled } from './client-bundle.ts';

/** Packages that find files beside themselves (a native module, a worker) and so stay in node_modules. */
export const unbundledPackages = ['better-sqlite3', 'tinypool'];

const require = [
  `import { createRequire as maruCreateRequire } from 'node:module';`,
  `const require = maruCreateRequire(import.meta.url);`,
  `const __filename = import.meta.filename;`,
  `const __dirname = import.meta.dirname;`,
].join('');

/** Bundles `server/` and gives the files by their names below `dist/server`. */
export async function bundleServer(root: string): Promise<Bundled> {
  const outdir = path.join(root, 'dist', 'server');
  const result = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'server/cli.ts',
      'checkpoint-worker': 'server/database/checkpoint-worker.ts',
      'password-worker': 'server/features/accounts/password-worker.ts',
    },
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: unbundledPackages,
    chunkNames: 'chunk-[hash]',
    banner: { js: require },
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = result.outputFiles.map(({ path: full, contents }) => ({
    name: path.relative(outdir, full),
    contents,
  }));
  return { files, metafiles: [result.metafile] };
}
