/** The web client: page code in lazily loaded pieces, two workers as classic scripts, two style sheets, the font apart. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { BuildResult, Metafile, OutputFile } from 'esbuild';
import { clientOptions } from './bundle-targets.ts';
import { emojiNames } from './emoji-names.ts';
import { firstChunks } from './first-chunks.ts';
import { fontSheets } from './font-sheets.ts';
import type { SheetSource } from './font-sheets.ts';
import { givenModules } from './given-modules.ts';
import { fillPage } from './index-page.ts';
import type { PageParts } from './index-page.ts';
import { leftOut } from './left-out.ts';

export type BundledFile = { name: string; contents: Uint8Array };
export type Bundled = { files: BundledFile[]; metafiles: Metafile[] };

type Result = BuildResult<{ write: false; metafile: true }>;

/** Bundles `static/` and gives the files by their names below `dist/static`. */
export async function bundleClient(root: string): Promise<Bundled> {
  const source = path.join(root, 'static');
  const outdir = path.join(root, 'dist', 'static');
  const shared = { ...clientOptions, absWorkingDir: root, outdir };
  const [page, admin, [parts, workers], styles] = await Promise.all([
    build({
      ...shared,
      entryPoints: { main: 'static/main.ts' },
      plugins: [firstChunks(root), leftOut(), emojiNames()],
      format: 'esm',
      splitting: true,
      sourcemap: true,
    }),
    // apart from the messenger, whose pieces must not change for a page that few people open
    build({
      ...shared,
      entryPoints: { admin: 'static/admin.ts' },
      plugins: [leftOut()],
      chunkNames: 'assets/admin-[name]-[hash]',
      format: 'esm',
      splitting: true,
      sourcemap: true,
    }),
    bundleWorkers(shared),
    bundleStyles(source, shared),
  ]);
  const results = [page, admin, parts, workers, ...styles];
  const files = results.flatMap(({ outputFiles }) => outputFiles.map((file) => named(file, outdir)));
  const entry = (name: string): string => entryPath(results, name);
  const shell = {
    styles: entry('styles.css'),
    laterStyles: entry('styles-later.css'),
    fonts: `${entry('fonts.css')} ${entry('fonts-rare.css')}`,
    cryptoWorker: entry('static/crypto/crypto-worker.ts'),
    argon2Worker: entry('static/crypto/argon2-worker.ts'),
  };
  const fill = (name: string, values: PageParts): BundledFile => ({
    name,
    contents: new TextEncoder().encode(fillPage(name, readFileSync(path.join(source, name), 'utf8'), values)),
  });
  const pages = [
    fill('index.html', {
      ...shell,
      main: entry('static/main.ts'),
      preloads: preloadsOf(page, 'static/main.ts'),
    }),
    fill('admin.html', {
      ...shell,
      main: entry('static/admin.ts'),
      preloads: preloadsOf(admin, 'static/admin.ts'),
      adminStyles: entry('admin.css'),
    }),
  ];
  return {
    files: [...unique(files), ...plainFiles(source), ...pages],
    metafiles: results.map(({ metafile }) => metafile),
  };
}

/** The two workers, which name the scripts of their rarely needed parts (static/crypto/worker-parts.ts). */
async function bundleWorkers(
  shared: typeof clientOptions & { outdir: string },
): Promise<[parts: Result, workers: Result]> {
  const script = { ...shared, format: 'iife', sourcemap: true } as const;
  const parts = await build({
    ...script,
    entryPoints: {
      'compatible-aes': 'static/crypto/compatible-aes.ts',
      'argon2-script': 'static/crypto/argon2-script.ts',
      'memo-script': 'static/crypto/memo-script.ts',
      'trust-script': 'static/crypto/trust-script.ts',
      'recovery-script': 'static/crypto/recovery-script.ts',
    },
    plugins: [givenModules],
  });
  const addresses = {
    compatibleAes: entryPath([parts], 'static/crypto/compatible-aes.ts'),
    argon2Script: entryPath([parts], 'static/crypto/argon2-script.ts'),
    memos: entryPath([parts], 'static/crypto/memo-script.ts'),
    trust: entryPath([parts], 'static/crypto/trust-script.ts'),
    recovery: entryPath([parts], 'static/crypto/recovery-script.ts'),
  };
  const workers = await build({
    ...script,
    define: { ...shared.define, workerPartAddresses: JSON.stringify(addresses) },
    entryPoints: {
      'crypto-worker': 'static/crypto/crypto-worker.ts',
      'argon2-worker': 'static/crypto/argon2-worker.ts',
    },
  });
  return [parts, workers];
}

/**
 * Tokens first, then the other shared styles, then each view's own, so that a view may refine what is shared. What is named
 * `*.later.css` is a sheet of its own, which static/later-pieces.ts adds after the first one.
 */
function bundleStyles(source: string, shared: typeof clientOptions & { outdir: string }): Promise<Result[]> {
  const isAdmin = (name: string): boolean => name.startsWith('features/admin/');
  const sheets = filesBelow(source).filter((name) => name.endsWith('.css') && name !== 'styles/fonts.css');
  const isLater = (name: string): boolean => name.endsWith('.later.css');
  const rank = (name: string): number =>
    name === 'styles/tokens.css' ? 0 : name === 'styles/base.css' ? 1 : name.startsWith('styles/') ? 2 : 3;
  const ordered = sheets
    .filter((name) => !isAdmin(name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const bundle = (stdin: SheetSource): Promise<Result> =>
    build({
      ...shared,
      entryNames: `assets/${path.parse(stdin.sourcefile).name}-[hash]`,
      stdin: { ...stdin, loader: 'css' },
    });
  const sheet = (sourcefile: string, names: string[]): Promise<Result> =>
    bundle({
      contents: names.map((name) => `@import './${name}';`).join('\n'),
      resolveDir: source,
      sourcefile,
    });
  return Promise.all([
    sheet(
      'styles.css',
      ordered.filter((name) => !isLater(name)),
    ),
    sheet('styles-later.css', ordered.filter(isLater)),
    sheet('admin.css', sheets.filter(isAdmin).sort()),
    ...fontSheets().map(bundle),
  ]);
}

/** Pictures, sounds and the like keep their names: pages and operating systems ask for them by these. */
function plainFiles(source: string): BundledFile[] {
  return filesBelow(source)
    .filter((name) => /\.(svg|png|ico|webmanifest|mp3|ogg|txt)$/.test(name))
    .map((name) => ({ name, contents: readFileSync(path.join(source, name)) }));
}

function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

const named = ({ path: full, contents }: OutputFile, outdir: string): BundledFile => ({
  name: path.relative(outdir, full).split(path.sep).join('/'),
  contents,
});

const unique = (files: BundledFile[]): BundledFile[] => [
  ...new Map(files.map((file) => [file.name, file])).values(),
];

/** The address of an entry point's output. */
function entryPath(results: readonly Result[], entryPoint: string): string {
  for (const { metafile } of results) {
    for (const [name, output] of Object.entries(metafile.outputs)) {
      if (output.entryPoint === entryPoint || output.entryPoint?.endsWith(`/${entryPoint}`))
        return addressOf(name);
    }
  }
  throw new Error(`the bundle has no entry ${entryPoint}`);
}

/** What the entry imports statically: the page names it, so that it is fetched in one round trip. */
function preloadsOf({ metafile }: Result, entryPoint: string): string[] {
  const entry = Object.values(metafile.outputs).find((output) => output.entryPoint === entryPoint);
  const found = new Set<string>();
  const visit = (output: Metafile['outputs'][string] | undefined): void => {
    for (const { path: name, kind } of output?.imports ?? []) {
      if (kind !== 'import-statement' || found.has(name)) continue;
      found.add(name);
      visit(metafile.outputs[name]);
    }
  };
  visit(entry);
  return [...found].map(addressOf);
}

const addressOf = (output: string): string => output.replace(/^dist\/static/, '');
