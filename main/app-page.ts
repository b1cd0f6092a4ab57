/**
 * The window's page comes from files of this program under a scheme of its own, `maru://app/`: an origin that no website can
 * have, unlike `file:`, where every file of the machine would be of the same kind.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AdminSession, ElectronApi } from './electron-api.ts';

export const appScheme = 'maru';
export const appOrigin = `${appScheme}://app`;

/** `style-src` without `unsafe-inline`: styles that scripts set by property are not meant by it. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Before the app is ready: what the scheme may do, which is what `https` may, without reaching anything. */
export function registerScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files of folders to one session; the first that has a file wins. */
export function servePage({ protocol }: Pick<AdminSession, 'protocol'>, folders: readonly string[]): void {
  protocol.handle(appScheme, async (request) => {
    for (const folder of folders) {
      const found = await answer(folder, request);
      if (found !== null) return found;
    }
    return new Response('', { status: 404, headers: { 'content-security-policy': contentPolicy } });
  });
}

/** A file of the folder, with the headers that every answer carries; null for everything else. */
export async function answer(
  folder: string,
  { url, method }: Pick<Request, 'url' | 'method'>,
): Promise<Response | null> {
  const file = fileOf(folder, url);
  const type = types[path.extname(file ?? '')];
  if (method !== 'GET' || file === null || type === undefined) return null;
  try {
    const content = await readFile(file);
    return new Response(new Uint8Array(content), {
      headers: {
        'content-type': type,
        'content-security-policy': contentPolicy,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      },
    });
  } catch {
    return null;
  }
}

/** The file that an address means, or null if it is not of this origin or lies outside the folder. */
function fileOf(folder: string, url: string): string | null {
  const { protocol, host, pathname } = new URL(url);
  if (`${protocol}//${host}` !== appOrigin) return null;
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const file = path.resolve(folder, `.${name}`);
  return file.startsWith(path.resolve(folder) + path.sep) && !name.includes('\0') ? file : null;
}
