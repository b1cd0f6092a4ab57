/** The web client's files, as the bundle's manifest describes them. */
import type { Request, RequestHandler, Response } from 'express';
import type { StaticFile, StaticManifest } from '../static-manifest.ts';
import { wasmWorkerPolicy } from './http-headers.ts';

export type Client = { folder: string; manifest: StaticManifest };

/** Addresses of whole pages. Who may use what they show is decided by the requests that they make. */
const pages = new Map([
  ['/', '/index.html'],
  ['/admin', '/admin.html'],
]);

const extensionOf = { br: '.br', gzip: '.gz' } as const;

/** The addresses of the style sheets that bring the client's font; the most needed one first. */
export const fontSheets = ({ manifest }: Client): string[] =>
  Object.keys(manifest.files)
    .filter((name) => /^\/assets\/fonts-[\w-]+\.css$/.test(name))
    .sort((left, right) => left.length - right.length);

/** Serves exactly what the manifest names, so no path can lead out of the folder. `/` is the page itself. */
export function createClientFiles({ folder, manifest }: Client): RequestHandler {
  const files = new Map(Object.entries(manifest.files));
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const name = pages.get(request.path) ?? request.path;
    const file = files.get(name);
    if (file === undefined) return next();
    const encoding = describeFile(file, request, response);
    const fileName = name.slice(1) + (encoding === undefined ? '' : extensionOf[encoding]);
    // `lastModified` would tell two bundles of one second apart wrongly; the ETag is the content's hash
    const options = { root: folder, cacheControl: false, lastModified: false, dotfiles: 'allow' } as const;
    response.sendFile(fileName, options, (error: unknown) => {
      if (error !== undefined && !response.headersSent) next(error);
    });
  };
}

/** Sets the headers of a file and gives the precompressed form that this browser takes. */
function describeFile(file: StaticFile, request: Request, response: Response): 'br' | 'gzip' | undefined {
  const caching = file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache';
  response.setHeader('Cache-Control', caching);
  response.setHeader('Content-Type', file.type);
  if (file.policy === 'wasm-worker') response.setHeader('Content-Security-Policy', wasmWorkerPolicy);
  const encoding = acceptedEncoding(file, request);
  if (file.encodings.length > 0) response.setHeader('Vary', 'Accept-Encoding');
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  response.setHeader('ETag', `"${file.hash}${encoding === undefined ? '' : `-${encoding}`}"`);
  return encoding;
}

function acceptedEncoding(file: StaticFile, request: Request): 'br' | 'gzip' | undefined {
  // one by one, because several at once come back in the browser's order, which puts gzip first
  return file.encodings.find((encoding) => request.acceptsEncodings(encoding) === encoding);
}
