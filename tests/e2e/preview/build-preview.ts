/** Bundles the preview page into a folder and gives its address as a file or for a server. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../../..');

/** Writes `index.html`, scripts, styles and fonts of the preview into `folder`. */
export async function buildPreview(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { preview: 'tests/e2e/preview/preview.ts' },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: folder,
    logLevel: 'silent',
  });
  const sheets = readdirSync(path.join(root, 'static'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.css'))
    .sort((left, right) => rankOf(left) - rankOf(right) || (left < right ? -1 : 1));
  await build({
    stdin: {
      contents: sheets.map((name) => `@import './${name}';`).join('\n'),
      resolveDir: path.join(root, 'static'),
      loader: 'css',
      sourcefile: 'preview.css',
    },
    bundle: true,
    loader: { '.woff2': 'file' },
    outfile: path.join(folder, 'preview.css'),
    logLevel: 'silent',
  });
  const page = readFileSync(path.join(root, 'static/index.html'), 'utf8')
    .replace('{{styles}}', 'preview.css')
    .replace('{{main}}', 'preview.js')
    .replace('{{preloads}}', '')
    .replace(/\{\{\w+\}\}/g, '');
  writeFileSync(path.join(folder, 'index.html'), page);
}

const rankOf = (name: string): number =>
  (name.endsWith('.later.css') ? 4 : 0) +
  (name.endsWith('tokens.css') ? 0 : name.endsWith('base.css') ? 1 : name.startsWith('styles') ? 2 : 3);
