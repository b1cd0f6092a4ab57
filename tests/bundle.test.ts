/** The bundle as it is served: what the oldest browsers can read, what it weighs, whom it owes a notice. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundleClient } from '../build/client-bundle.ts';
import type { Bundled } from '../build/client-bundle.ts';
import { scanText } from '../build/floor-scan.ts';
import { bundleMain, bundleWindow } from '../build/desktop-bundle.ts';
import { bundleServer } from '../build/server-bundle.ts';
import { noticesText, shippedPackages } from '../build/third-party-notices.ts';
import { withManifest } from '../build/write-output.ts';
import { StaticManifest } from '../server/static-manifest.ts';
import { koLater } from '../static/locales/ko-later.ts';
import { laterIconShapes } from '../static/ui/icon-shapes-later.ts';

const root = path.resolve(import.meta.dirname, '..');
const kilobyte = 1024;

let client: Bundled;
before(async () => {
  client = await bundleClient(root);
});

const textOf = (name: string): string => {
  const file =
    client.files.find((candidate) => candidate.name === name) ?? assert.fail(`${name} is not in the bundle`);
  return Buffer.from(file.contents).toString('utf8');
};

/** The scripts and the style sheet that the page itself names: everything up to the sign-in form. */
const firstFiles = (): string[] =>
  [...textOf('index.html').matchAll(/<(?:script|link)[^>]+(?:src|href)="\/(assets\/[^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );

const gzipped = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + gzipSync(textOf(name), { level: 9 }).length, 0);

test('the oldest browsers can read all of it, and nothing in it leads outside', async () => {
  const findings: string[] = [];
  for (const { name, contents } of client.files) {
    const problems = await scanText(name, Buffer.from(contents).toString('utf8'));
    findings.push(...problems.map((problem) => `${name}: ${problem}`));
  }
  assert.deepEqual(findings, []);
});

/** These entries of the page's own bundle, and what they import statically. */
const piecesOf = (...entryPoints: string[]): string[] => {
  const outputs = client.metafiles[0]?.outputs ?? {};
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const { path: imported, kind } of outputs[name]?.imports ?? [])
      if (kind === 'import-statement') visit(imported);
  };
  for (const entryPoint of entryPoints) {
    const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entryPoint);
    visit(entry ?? assert.fail(`${entryPoint} is no entry`));
  }
  return [...found].map((name) => name.replace('dist/static/', ''));
};

const filesLike = (pattern: RegExp): string[] =>
  client.files.map(({ name }) => name).filter((name) => pattern.test(name));

/** As docs/performance.md counts: thousands of bytes. */
const assertWeight = (names: readonly string[], budgetKb: number): void =>
  assert.ok(
    gzipped(names) <= budgetKb * 1000,
    `${(gzipped(names) / 1000).toFixed(1)} KB: ${names.join(' ')}`,
  );

test('the sign-in form weighs at most 60 KB, in either language', () => {
  const names = firstFiles();
  assert.ok(names.some((name) => name.endsWith('.css')) && names.some((name) => name.includes('/main-')));
  for (const language of ['ko', 'en'])
    assertWeight([...names, ...piecesOf(`static/locales/${language}.ts`)], 60);
});

test('the chat weighs at most 160 KB, workers and the first fonts included', () => {
  const sheets = filesLike(/\/(styles|fonts)-[A-Z0-9]+\.css$/);
  const workers = filesLike(/-worker-[A-Z0-9]+\.js$/);
  assert.deepEqual([sheets.length, workers.length], [2, 2]);
  const pieces = piecesOf('static/main.ts', 'static/locales/ko.ts', 'static/signed-in.ts');
  assertWeight([...pieces, ...sheets, ...workers], 160);
});

test('the first code is in few files, however many pieces come later', () => {
  const names = piecesOf('static/main.ts', 'static/signed-in.ts');
  // more: a file that loads a piece is missing in build/first-chunks.ts
  assert.ok(names.length <= 9, names.join(' '));
});

/** The text of our own modules that are there before any later piece (static/later-pieces.ts). */
const firstSources = (): { name: string; text: string }[] => {
  const outputs = client.metafiles[0]?.outputs ?? {};
  const pieces = piecesOf('static/main.ts', 'static/signed-in.ts').map((name) => `dist/static/${name}`);
  const inputs = pieces.flatMap((piece) => Object.entries(outputs[piece]?.inputs ?? {}));
  return inputs
    .filter(([name, { bytesInOutput }]) => name.startsWith('static/') && bytesInOutput > 0)
    .map(([name]) => ({ name, text: readFileSync(path.join(root, name), 'utf8') }));
};

/** Which of the first modules mention one of these in a string. */
const mentions = (terms: readonly string[], toPattern: (term: string) => RegExp): string[] =>
  firstSources().flatMap(({ name, text }) =>
    terms.filter((term) => toPattern(term).test(text)).map((term) => `${name}: ${term}`),
  );

test('the first screens need no words, icons or styles of later pieces', () => {
  assert.ok(firstSources().length > 100);
  const quoted = (term: string): RegExp => new RegExp(`'${term.replaceAll('.', '\\.')}'`);
  // a key that is put together is found by what it begins with
  const begun = Object.keys(koLater).map((key) => key.slice(0, key.lastIndexOf('.') + 1));
  const isSaidFirst = new Set(['failure.']);
  const built = [...new Set(begun)].filter((start) => !isSaidFirst.has(start)).map((start) => `${start}\${`);
  assert.deepEqual(mentions(Object.keys(koLater), quoted), []);
  assert.deepEqual(
    mentions(built, (start) => new RegExp(`\`${start.replace(/[.${]/g, '\\$&')}`)),
    [],
  );
  assert.deepEqual(
    mentions(Object.keys(laterIconShapes), (name) => new RegExp(`(icon: |icon\\(|[?:] )'${name}'`)),
    [],
  );
  const sheet = (pattern: RegExp): Set<string> =>
    new Set(
      filesLike(pattern).flatMap((name) =>
        [...textOf(name).matchAll(/\.([a-z][\w-]*__[\w-]+)/g)].map((match) => match[1] ?? ''),
      ),
    );
  const styledFirst = sheet(/\/styles-[A-Z0-9]+\.css$/);
  const styledLater = [...sheet(/\/styles-later-[A-Z0-9]+\.css$/)].filter((name) => !styledFirst.has(name));
  assert.ok(styledLater.length > 50);
  assert.deepEqual(
    mentions(styledLater, (name) => new RegExp(`[' \`]${name}[' \`]`)),
    [],
  );
});

test('the administrator’s page weighs at most 130 KB, in either language', () => {
  const names = filesLike(/\/admin-[^/]*\.(js|css)$/);
  assert.ok(names.length >= 2);
  const isWordsOf = (language: string, name: string): boolean =>
    new RegExp(`/admin-(admin-)?${language}(-later)?-[^/-]+\\.js$`).test(name);
  for (const [language, other] of [
    ['ko', 'en'],
    ['en', 'ko'],
  ] as const) {
    assert.equal(names.filter((name) => isWordsOf(language, name)).length, 3);
    const loaded = names.filter((name) => !isWordsOf(other, name));
    assert.ok(gzipped(loaded) <= 130 * kilobyte, `${(gzipped(loaded) / kilobyte).toFixed(1)} KB`);
  }
});

test('workers are classic scripts', () => {
  // with the parts that they load by importScripts
  const workers = client.files.filter(({ name }) =>
    /(-worker|\/compatible-aes|\/argon2-script|\/memo-script|\/trust-script|\/recovery-script)-[^/-]+\.js$/.test(
      name,
    ),
  );
  assert.equal(workers.length, 7);
  for (const { name } of workers)
    assert.doesNotMatch(textOf(name), /^(import|export)\b|;(import|export)[ {*"]/);
});

test('the workers name the scripts of their parts as they are called', () => {
  const names = client.files.map(({ name }) => name);
  const partOf = (worker: string, part: string): boolean => {
    const text = textOf(
      names.find((name) => name.startsWith(`assets/${worker}-`) && name.endsWith('.js')) ?? '',
    );
    return names.some((name) => name.startsWith(`assets/${part}-`) && text.includes(`"/${name}"`));
  };
  assert.ok(partOf('crypto-worker', 'compatible-aes'));
  assert.ok(partOf('crypto-worker', 'memo-script'));
  assert.ok(partOf('crypto-worker', 'trust-script'));
  assert.ok(partOf('crypto-worker', 'recovery-script'));
  assert.ok(partOf('argon2-worker', 'argon2-script'));
});

test('every address in the page and in the style sheets is in the bundle', () => {
  const names = new Set(client.files.map(({ name }) => name));
  const sheets = [...names].filter((name) => name.endsWith('.css'));
  const asked = [
    ...[...textOf('index.html').matchAll(/(?:src|href|content)="(\/[^"]+)"/g)].flatMap(([, addresses = '']) =>
      addresses.split(' ').map((address) => address.slice(1)),
    ),
    ...sheets.flatMap((sheet) =>
      [...textOf(sheet).matchAll(/url\("?\/?([^")]+)"?\)/g)].map(([, name]) => name ?? ''),
    ),
  ].filter((name) => !name.startsWith('data:'));
  assert.ok(asked.length > 90, 'the font is in many pieces');
  assert.deepEqual(
    asked.filter((name) => !names.has(name)),
    [],
  );
});

test('each piece of the font is small, because a page loads only those it shows', () => {
  const pieces = client.files.filter(({ name }) => name.endsWith('.woff2'));
  assert.ok(pieces.length > 50);
  for (const { name, contents } of pieces) assert.ok(contents.length < 120 * kilobyte, name);
});

test('the manifest names every file, and only the Argon2 worker may use WebAssembly', () => {
  const written = withManifest(client.files, 'manifest.json');
  const text = Buffer.from(written.at(-1)?.contents ?? '').toString('utf8');
  const { files } = StaticManifest.parse(JSON.parse(text));
  assert.deepEqual(Object.keys(files).sort(), client.files.map(({ name }) => `/${name}`).sort());
  const special = Object.entries(files).filter(([, { policy }]) => policy === 'wasm-worker');
  assert.deepEqual(
    special.map(([name]) => /argon2-worker/.test(name)),
    [true],
  );
  assert.equal(files['/index.html']?.isImmutable, false);
});

test('THIRD-PARTY-NOTICES.md is what npm run notices would write', async () => {
  const others = await Promise.all([bundleServer(root), bundleMain(root), bundleWindow(root)]);
  const names = shippedPackages([client, ...others].flatMap(({ metafiles }) => metafiles));
  for (const name of ['express', 'zod', 'pretendard', 'better-sqlite3', 'lucide-static'])
    assert.ok(names.includes(name), name);
  const file = path.join(root, 'THIRD-PARTY-NOTICES.md');
  assert.ok(existsSync(file));
  // not assert.equal: its message would print both texts
  assert.ok(readFileSync(file, 'utf8') === noticesText(names), 'run: npm run notices');
});
