/** The desktop app: the main process, its preload, the window's page and the icons, below `dist/main` and `dist/renderer`. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions, BuildResult } from 'esbuild';
import type { Bundled, BundledFile } from './client-bundle.ts';

type Result = BuildResult<{ write: false; metafile: true }>;

const shared = {
  bundle: true,
  write: false,
  metafile: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  charset: 'utf8',
} as const satisfies BuildOptions;

/** Chromium and Node of the Electron that is pinned in package.json, or a little older. */
const electronTargets = { chromium: 'chrome140', node: 'node24' };

/** Bundles `main/` and gives its files, with the icons, by their names below `dist/main`. */
export async function bundleMain(root: string): Promise<Bundled> {
  const options = {
    ...shared,
    absWorkingDir: root,
    outdir: path.join(root, 'dist', 'main'),
    external: ['electron'],
  };
  const results = await Promise.all([
    build({
      ...options,
      entryPoints: { main: 'main/main.ts' },
      format: 'esm',
      platform: 'node',
      target: electronTargets.node,
    }),
    // a sandboxed preload is a classic script with a `require` for Electron alone
    build({
      ...options,
      entryPoints: { preload: 'main/preload.ts' },
      outExtension: { '.js': '.cjs' },
      format: 'cjs',
      platform: 'browser',
      target: electronTargets.chromium,
    }),
  ]);
  return {
    files: [...outputs(results, options.outdir), ...icons(root)],
    metafiles: results.map(({ metafile }) => metafile),
  };
}

/** Bundles `renderer/` and gives its files by their names below `dist/renderer`. */
export async function bundleWindow(root: string): Promise<Bundled> {
  const outdir = path.join(root, 'dist', 'renderer');
  const results = await Promise.all([bundlePage(root, outdir), bundleStyles(root, outdir)]);
  const index = readFileSync(path.join(root, 'renderer', 'index.html'));
  return {
    files: [...outputs(results, outdir), { name: 'index.html', contents: index }],
    metafiles: results.map(({ metafile }) => metafile),
  };
}

const bundlePage = (root: string, outdir: string): Promise<Result> =>
  build({
    ...shared,
    absWorkingDir: root,
    outdir,
    entryPoints: { renderer: 'renderer/renderer.ts' },
    format: 'esm',
    platform: 'browser',
    target: electronTargets.chromium,
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  });

/** Shared styles first, tokens before all, then the admin views' and the window's own. */
function bundleStyles(root: string, outdir: string): Promise<Result> {
  const inFolder = (folder: string): string[] =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.css'))
      .map((name) => `${folder}/${name}`);
  const first = ['static/styles/fonts.css', 'static/styles/tokens.css', 'static/styles/base.css'];
  const others = ['static/styles', 'static/features/admin', 'renderer'].flatMap(inFolder);
  return build({
    ...shared,
    absWorkingDir: root,
    outdir,
    target: electronTargets.chromium,
    minify: true,
    sourcemap: false,
    stdin: {
      contents: [...new Set([...first, ...others])].map((name) => `@import './${name}';`).join('\n'),
      resolveDir: root,
      sourcefile: 'renderer.css',
      loader: 'css',
    },
    entryNames: 'renderer',
    assetNames: 'assets/[name]-[hash]',
    loader: { '.woff2': 'file' },
    publicPath: '/',
  });
}

/** The font's pieces have the same names in the messenger's bundle, which the window is served from as well. */
const outputs = (results: readonly Result[], outdir: string): BundledFile[] =>
  results
    .flatMap(({ outputFiles }) => outputFiles)
    .filter(({ path: full }) => !full.endsWith('.woff2'))
    .map(({ path: full, contents }) => ({
      name: path.relative(outdir, full).split(path.sep).join('/'),
      contents,
    }));

/** The tray's pictures, and the window's. */
function icons(root: string): BundledFile[] {
  const folder = path.join(root, 'build', 'icons');
  const tray = readdirSync(path.join(folder, 'tray')).filter((name) => name.endsWith('.png'));
  return [
    ...tray.map((name) => ({
      name: `icons/${name}`,
      contents: readFileSync(path.join(folder, 'tray', name)),
    })),
    { name: 'icons/app-icon.png', contents: readFileSync(path.join(folder, 'png', '256x256.png')) },
  ];
}
