/**
 * esbuild makes a chunk for every different set of entry points that share a module: each lazily loaded piece would cut what the
 * first screens need into more, smaller files. A piece that is loaded after other code is therefore told to import all of that,
 * which is there already: what is shared then has the same set, and stays in one file however many pieces there are.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Which code is there when one of these files imports a piece. */
const thereBy: readonly [importer: string, entry: string][] = [
  ['static/main.ts', 'static/main.ts'],
  ['static/app.ts', 'static/main.ts'],
  ['static/page-view.ts', 'static/main.ts'],
  ['static/entrance-pieces.ts', 'static/main.ts'],
  ['static/messenger-pieces.ts', 'static/signed-in.ts'],
  ['static/session-parts.ts', 'static/signed-in.ts'],
  ['static/session-activity-loading.ts', 'static/signed-in.ts'],
  ['static/session-later-actions.ts', 'static/signed-in.ts'],
  ['static/features/rooms/administration.ts', 'static/signed-in.ts'],
  ['static/features/rooms/membership.ts', 'static/signed-in.ts'],
];

export const firstChunks = (root: string): Plugin => ({
  name: 'first-chunks',
  setup: (build) => {
    const entryByPiece = new Map(
      thereBy.flatMap(([importer, entry]) => {
        const file = path.join(root, importer);
        const imports = readFileSync(file, 'utf8').matchAll(/\bimport\('([^']+)'\)/g);
        return [...imports].map(
          ([, target = '']) => [path.resolve(path.dirname(file), target), path.join(root, entry)] as const,
        );
      }),
    );
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const entry = entryByPiece.get(file);
      if (entry === undefined) return undefined;
      const contents = `${readFileSync(file, 'utf8')}\nimport ${JSON.stringify(entry)};\n`;
      return { contents, loader: 'ts' };
    });
  },
});
