import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fontSheets } from './client-files.ts';
import { pageStyle } from './page-style.ts';
import type { StaticFile } from '../static-manifest.ts';

const tokens = readFileSync(new URL('../../static/styles/tokens.css', import.meta.url), 'utf8');

const valuesIn = (text: string, start: string): Map<string, string> => {
  const from = text.indexOf('{', text.indexOf(start)) + 1;
  const block = text.slice(from, text.indexOf('}', from));
  const plain = (value: string): string => value.replace(/\s+/g, ' ').trim();
  return new Map(
    [...block.matchAll(/--([\w-]+):([^;]+);/g)].map(([, name = '', value = '']) => [name, plain(value)]),
  );
};

test('the pages of the server have the colours and the type of the client, in both themes', () => {
  const style = pageStyle([]);
  const dark = style.slice(style.indexOf('@media'));
  const pairs = [
    [valuesIn(style, ':root'), valuesIn(tokens, ':root {')],
    [valuesIn(dark, ':root'), valuesIn(tokens, `:root[data-theme='dark']`)],
  ] as const;
  for (const [here, there] of pairs) {
    assert.ok(here.size >= 10);
    for (const [name, value] of here) assert.equal(value, there.get(name), name);
  }
  // every colour is one of them
  assert.doesNotMatch(style.replace(/--[\w-]+:[^;]+;/g, ''), /#[0-9a-f]{3,8}\b|rgba?\(/i);
});

test('the font comes from the bundle of this server, or not at all', () => {
  assert.doesNotMatch(pageStyle([]), /@import|url\(/);
  const file: StaticFile = {
    type: 'text/css',
    sizeBytes: 1,
    hash: 'hash',
    encodings: [],
    isImmutable: true,
    policy: 'page',
  };
  const names = ['/assets/fonts-rare-B1.css', '/assets/styles-C2.css', '/assets/fonts-A0.css', '/index.html'];
  const files = Object.fromEntries(names.map((name) => [name, file]));
  const sheets = fontSheets({ folder: '', manifest: { version: 1, files } });
  assert.deepEqual(sheets, ['/assets/fonts-A0.css', '/assets/fonts-rare-B1.css']);
  assert.match(
    pageStyle(sheets),
    /^@import "\/assets\/fonts-A0\.css";\n@import "\/assets\/fonts-rare-B1\.css";/,
  );
});
