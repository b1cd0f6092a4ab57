import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { StaticFile, StaticManifest } from '../server/static-manifest.ts';
import type { BundledFile } from './client-bundle.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
};

/** Source maps are for whoever looks into the page with its tools open: not worth compressing in advance. */
const isCompressed = (name: string): boolean => /\.(html|js|css|svg|txt|webmanifest)$/.test(name);

/**
 * Writes files into a folder, each atomically, and removes what neither this bundle nor the one before it wrote: a server that
 * is still running, or a page that is still open, finds the pieces it has not loaded yet.
 */
export function writeOutput(folder: string, files: readonly BundledFile[]): void {
  const record = path.join(folder, '.outputs');
  const before = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : [];
  const now = files.map(({ name }) => name);
  mkdirSync(folder, { recursive: true });
  for (const { name, contents } of files) writeAtomically(path.join(folder, name), contents);
  const kept = new Set([...before, ...now, '.outputs']);
  for (const name of filesBelow(folder))
    if (!kept.has(name)) rmSync(path.join(folder, name), { force: true });
  writeAtomically(record, Buffer.from(now.join('\n')));
}

/** Adds the compressed forms of what is text, and the manifest that describes them all. */
export function withManifest(files: readonly BundledFile[], manifestName: string): BundledFile[] {
  const described: Record<string, StaticFile> = {};
  const compressed: BundledFile[] = [];
  for (const { name, contents } of files) {
    const forms = isCompressed(name) ? compressedForms(name, contents) : [];
    compressed.push(...forms);
    described[`/${name}`] = {
      type: types[path.extname(name)] ?? 'application/octet-stream',
      sizeBytes: contents.length,
      hash: createHash('sha256').update(contents).digest().subarray(0, 16).toString('base64url'),
      encodings: forms.map((form) => (form.name.endsWith('.br') ? 'br' : 'gzip')),
      isImmutable: name.startsWith('assets/'),
      policy: name.startsWith('assets/argon2-worker-') && name.endsWith('.js') ? 'wasm-worker' : 'page',
    };
  }
  const manifest: StaticManifest = { version: 1, files: described };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  return [...files, ...compressed, { name: manifestName, contents: text }];
}

function compressedForms(name: string, contents: Uint8Array): BundledFile[] {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
  };
  const forms = [
    { name: `${name}.br`, contents: brotliCompressSync(contents, { params }) },
    { name: `${name}.gz`, contents: gzipSync(contents, { level: 9 }) },
  ];
  return forms.filter((form) => form.contents.length < contents.length);
}

function writeAtomically(file: string, contents: Uint8Array): void {
  // hashed names: the same name and size is the same content
  if (/-[A-Z0-9]{8}\.(?!map)/.test(file) && existsSync(file) && statSync(file).size === contents.length)
    return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, contents);
  renameSync(`${file}.new`, file);
}

function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}
