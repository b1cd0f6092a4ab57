import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';
import type { StaticFile } from '../static-manifest.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'maru-client-'));
let server: TestServer;

const file = (changes: Partial<StaticFile>): StaticFile => ({
  type: 'text/javascript; charset=utf-8',
  sizeBytes: 1,
  hash: 'hash',
  encodings: [],
  isImmutable: false,
  policy: 'page',
  ...changes,
});

before(async () => {
  mkdirSync(path.join(folder, 'assets'));
  const script = 'console.log("main");'.repeat(50);
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Maru</title>');
  writeFileSync(path.join(folder, 'assets/main-ABCDEFGH.js'), script);
  writeFileSync(path.join(folder, 'assets/main-ABCDEFGH.js.br'), brotliCompressSync(script));
  writeFileSync(path.join(folder, 'assets/main-ABCDEFGH.js.gz'), gzipSync(script));
  writeFileSync(path.join(folder, 'assets/argon2-worker-ABCDEFGH.js'), '1');
  writeFileSync(path.join(folder, 'secret.txt'), 'not in the manifest');
  const files = {
    '/index.html': file({ type: 'text/html; charset=utf-8' }),
    '/assets/main-ABCDEFGH.js': file({ encodings: ['br', 'gzip'], isImmutable: true }),
    '/assets/argon2-worker-ABCDEFGH.js': file({ isImmutable: true, policy: 'wasm-worker' }),
    '/assets/gone-ABCDEFGH.js': file({}),
  };
  const client = { folder, manifest: { version: 1 as const, files } };
  server = await startTestServer({ substitutes: { gateway: { client } } });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (address: string, headers: Record<string, string> = {}) =>
  server.browser().request('GET', address, undefined, headers);

test('the page is asked for again every time, what has a hash in its name never', async () => {
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  const script = await get('/assets/main-ABCDEFGH.js');
  assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.match(script.text, /^console\.log/);
});

test('each browser gets the smallest form that it takes', async () => {
  const encodingFor = async (accepted: string) => {
    const answer = await get('/assets/main-ABCDEFGH.js', { 'accept-encoding': accepted });
    assert.match(answer.text, /^console\.log/);
    assert.equal(answer.headers.get('vary'), 'Accept-Encoding');
    return [answer.headers.get('content-encoding'), answer.headers.get('etag')];
  };
  assert.deepEqual(await encodingFor('gzip, deflate, br'), ['br', '"hash-br"']);
  assert.deepEqual(await encodingFor('gzip'), ['gzip', '"hash-gzip"']);
  assert.deepEqual(await encodingFor('identity'), [null, '"hash"']);
});

test('an unchanged file is not sent again', async () => {
  // not by fetch, which adds headers that ask for a fresh copy
  const statusWith = (etag: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const options = { headers: { 'if-none-match': etag } };
      http.get(server.url, options, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    });
  assert.equal(await statusWith('"hash"'), 304);
  assert.equal(await statusWith('"older"'), 200);
});

test('the Argon2 worker, and nothing else, may run WebAssembly', async () => {
  const worker = await get('/assets/argon2-worker-ABCDEFGH.js');
  assert.match(worker.headers.get('content-security-policy') ?? '', /'wasm-unsafe-eval' 'unsafe-eval'/);
  const script = await get('/assets/main-ABCDEFGH.js');
  assert.ok(!script.headers.get('content-security-policy')?.includes('unsafe'));
});

test('nothing outside the manifest is served', async () => {
  const addresses = ['/secret.txt', '/assets/main-ABCDEFGH.js.br', '/assets', '/assets/', '/../index.html'];
  for (const address of [
    ...addresses,
    '/assets/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e/secret.txt',
  ]) {
    const { status } = await get(address);
    assert.equal(status === 404 || (status === 200 && address === '/../index.html'), true, address);
  }
});

test('a file that the bundle lost is our failure: a page with a number for people', async () => {
  const answer = await get('/assets/gone-ABCDEFGH.js', { accept: 'text/html', 'accept-language': 'en' });
  assert.equal(answer.status, 500);
  assert.match(answer.text, /Something went wrong in the server/);
  assert.match(answer.text, /class="reference">[0-9a-f]{8}-/);
});
