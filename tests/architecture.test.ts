/**
 * The rules of docs/architecture.md that a machine can check. When one fails, the structure is what should be talked about;
 * a new line in a table here is a decision.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');

type Import = { target: string; isType: boolean };
type SourceFile = { name: string; text: string; imports: Import[] };

const files = listFiles();
const product = files.filter(({ name }) => /^(main|renderer|server|static)\//.test(name) && !isTest(name));

/** Tests and what only tests use may reach further than what is shipped. */
function isTest(name: string): boolean {
  return /\.(tests?|spec)\.ts$|(^|\/)testing\//.test(name);
}

/** Tracked files and those that are about to be; no build output. */
function listFiles(): SourceFile[] {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], options)
    .split('\n')
    .filter((name) => name !== '' && existsSync(path.join(root, name)))
    .map((name) => {
      const text = readFileSync(path.join(root, name), 'utf8');
      return { name, text, imports: importsOf(name, text) };
    });
}

function importsOf(name: string, text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [
    ...[...statements].map(([, type, target = '']) => ({
      target: resolve(name, target),
      isType: type !== undefined,
    })),
    ...[...dynamic].map(([, target = '']) => ({ target: resolve(name, target), isType: false })),
  ];
}

/** A path from the repository's root for our own files, the package's own specifier for everything else. */
function resolve(from: string, target: string): string {
  if (target.startsWith('#contract/')) return target.replace('#contract/', 'server/contract/');
  return target.startsWith('.') ? path.posix.join(path.posix.dirname(from), target) : target;
}

const isOwn = (target: string): boolean =>
  /^(main|renderer|server|static|build|bench|tests|scripts)\//.test(target);
const isBuiltIn = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target);

/** All `from → target` pairs of shipped files below a folder for which `isAllowed` says no. */
function violations(
  folder: string,
  isAllowed: (target: string, file: SourceFile, isType: boolean) => boolean,
): string[] {
  return product
    .filter(({ name }) => name.startsWith(folder))
    .flatMap((file) =>
      file.imports
        .filter(({ target, isType }) => !isAllowed(target, file, isType))
        .map(({ target }) => `${file.name} → ${target}`),
    );
}

const startsWithOneOf = (target: string, ...prefixes: string[]): boolean =>
  prefixes.some((prefix) => target.startsWith(prefix));

/** `server/features/rooms/room-store.ts` → `server/features/rooms/`. */
const featureFolder = (name: string): string => name.split('/').slice(0, 3).join('/') + '/';

test('the rules below look at real imports', () => {
  const start = product.find(({ name }) => name === 'server/start-server.ts');
  assert.ok(start?.imports.some(({ target, isType }) => target === 'server/gateway/gateways.ts' && !isType));
  assert.ok(start?.imports.some(({ target, isType }) => target === 'server/gateway/gateways.ts' && isType));
  assert.ok(product.length > 100);
  // what is put together at run time could not be seen by these rules
  assert.deepEqual(linesWith(/\b(import|require)\((?!')/), []);
});

test('the contract imports its schema library and itself, nothing of Node or the browser', () => {
  assert.deepEqual(
    violations(
      'server/contract/',
      (target) => target === 'zod/mini' || target.startsWith('server/contract/'),
    ),
    [],
  );
});

test('a feature imports the contract, its own folder, room access, and types of gateway and database', () => {
  const shared = ['server/contract/', 'server/app-error.ts', 'server/features/rooms/room-access.ts'];
  // plain values without a dependency: what a unit delivers, and a query compiled once
  const plain = ['server/gateway/delivery.ts', 'server/database/compiled-statement.ts'];
  const isAllowed = (target: string, { name }: SourceFile, isType: boolean): boolean => {
    if (!isOwn(target)) return !startsWithOneOf(target, 'socket.io', 'express', 'electron', 'better-sqlite3');
    if (startsWithOneOf(target, featureFolder(name), ...shared, ...plain)) return true;
    if (/^server\/features\/[^/]+\.ts$/.test(target)) return true; // ground that all features stand on
    if (target.startsWith('server/features/')) return isType && !target.endsWith('-store.ts');
    return isType && startsWithOneOf(target, 'server/gateway/', 'server/database/', 'server/logger.ts');
  };
  assert.deepEqual(violations('server/features/', isAllowed), []);
});

test('the gateways know neither features nor SQL', () => {
  const own = ['server/contract/', 'server/gateway/', 'server/app-error.ts', 'server/logger.ts'];
  const isAllowed = (target: string, _file: SourceFile, isType: boolean): boolean =>
    isOwn(target)
      ? startsWithOneOf(target, ...own) || (isType && target === 'server/static-manifest.ts')
      : !startsWithOneOf(target, 'kysely', 'better-sqlite3', 'pg', 'electron');
  assert.deepEqual(violations('server/gateway/', isAllowed), []);
});

test('the database knows neither features nor gateways', () => {
  const own = [
    'server/contract/',
    'server/database/',
    'server/app-error.ts',
    'server/startup-error.ts',
    'server/logger.ts',
  ];
  assert.deepEqual(
    violations('server/database/', (target) =>
      isOwn(target)
        ? startsWithOneOf(target, ...own)
        : !startsWithOneOf(target, 'express', 'socket.io', 'electron'),
    ),
    [],
  );
});

test('the server imports nothing of the desktop app or the page', () => {
  assert.deepEqual(
    violations('server/', (target) => !startsWithOneOf(target, 'main/', 'renderer/', 'static/')),
    [],
  );
});

test('the page imports the contract and nothing else of the server, and nothing of Node', () => {
  const isAllowed = (target: string): boolean =>
    isOwn(target) ? startsWithOneOf(target, 'server/contract/', 'static/') : !isBuiltIn(target);
  assert.deepEqual(violations('static/', isAllowed), []);
});

test('the cryptography stands alone, and only its surface is imported by others', () => {
  const isAllowed = (target: string, _file: SourceFile, isType: boolean): boolean =>
    !isOwn(target) ||
    target.startsWith('static/crypto/') ||
    (isType && target.startsWith('server/contract/'));
  assert.deepEqual(violations('static/crypto/', isAllowed), []);
  const inside = violations('static/', (target, { name }) => {
    const isForeign = !name.startsWith('static/crypto/') && target.startsWith('static/crypto/');
    return !isForeign || target === 'static/crypto/index.ts';
  });
  assert.deepEqual(inside, []);
});

/** What the page's folders may import beside themselves and the contract; of the files, types only. */
const layers: readonly [folder: string, ...places: string[]][] = [
  ['static/storage/'],
  ['static/state/', 'static/crypto/index.ts'],
  ['static/locales/', 'static/state/'],
  ['static/ui/', 'static/state/', 'static/locales/'],
  ['static/connection/', 'static/state/', 'static/storage/', 'static/crypto/index.ts'],
  [
    'static/features/',
    'static/ui/',
    'static/state/',
    'static/connection/',
    'static/storage/',
    'static/locales/',
    'static/crypto/index.ts',
  ],
];

test('the page’s folders lie upon each other: nothing imports what is above it', () => {
  const types = ['static/page-context.ts', 'static/app-types.ts', 'main/ipc-contract.ts'];
  const strays = layers.flatMap(([folder, ...places]) =>
    violations(folder, (target, _file, isType) => {
      if (!isOwn(target) || startsWithOneOf(target, folder, 'server/contract/', ...places)) return true;
      return folder === 'static/features/' && isType && types.includes(target);
    }),
  );
  assert.deepEqual(strays, []);
});

test('no feature of the page imports another one’s view or actions', () => {
  const isAllowed = (target: string, { name }: SourceFile): boolean =>
    !target.startsWith('static/features/') ||
    target.startsWith(featureFolder(name)) ||
    !/-(view|actions)\.ts$/.test(target);
  assert.deepEqual(violations('static/features/', isAllowed), []);
});

test('the desktop app hosts: no messaging, no SQL, no page', () => {
  const main = violations('main/', (target) =>
    isOwn(target)
      ? startsWithOneOf(target, 'main/', 'server/contract/process-messages.ts', 'server/contract/request.ts')
      : !startsWithOneOf(target, 'kysely', 'better-sqlite3'),
  );
  const shared = [
    'renderer/',
    'static/ui/',
    'static/state/',
    'static/features/admin/',
    'static/locales/',
    'static/styles/',
  ];
  const renderer = violations('renderer/', (target, _file, isType) =>
    isOwn(target)
      ? startsWithOneOf(target, ...shared) || (isType && target === 'main/ipc-contract.ts')
      : !isBuiltIn(target) && target !== 'electron',
  );
  assert.deepEqual([...main, ...renderer], []);
});

/** Which folder, or file, may import a library. */
const owners: readonly [library: string, ...places: string[]][] = [
  ['express', 'server/gateway/'],
  ['helmet', 'server/gateway/'],
  ['compression', 'server/gateway/'],
  ['socket.io', 'server/gateway/', 'server/start-server.ts'],
  ['prom-client', 'server/gateway/'],
  ['rate-limiter-flexible', 'server/gateway/'],
  ['better-sqlite3', 'server/database/'],
  ['kysely', 'server/database/', 'server/features/'],
  ['bcryptjs', 'server/features/accounts/'],
  ['tinypool', 'server/features/accounts/'],
  ['pino', 'server/logger.ts'],
  ['pino-roll', 'server/logger.ts'],
  // the page's composition root hands it to the connection
  ['socket.io-client', 'static/connection/', 'static/environment.ts'],
  ['idb', 'static/storage/'],
  ['@tanstack/virtual-core', 'static/ui/'],
  ['es-hangul', 'static/ui/'],
  ['uplot', 'static/features/admin/'],
  ['qrcode', 'static/ui/', 'server/cli.ts'],
  ['mdast-util-from-markdown', 'static/features/formatting/'],
  ['mdast-util-gfm-strikethrough', 'static/features/formatting/'],
  ['micromark-extension-cjk-friendly', 'static/features/formatting/'],
  ['micromark-extension-cjk-friendly-gfm-strikethrough', 'static/features/formatting/'],
  ['emoji-picker-element-data', 'static/features/reactions/'],
  // the page takes the contract's types, not its code: schemas cost the browser nothing
  ['zod', 'server/', 'main/'],
  // pictures and fonts, which the bundle copies
  ['lucide-static'],
  ['pretendard'],
  ['crypto-js', 'static/crypto/primitives-compatible.ts'],
  ['hash-wasm', 'static/crypto/primitives-argon2.ts'],
  ['@noble', 'static/crypto/primitives.ts', 'static/crypto/primitives-argon2-script.ts'],
  // a sandboxed preload gets its two objects from Electron itself; types may be named anywhere in main
  ['electron', 'main/main.ts', 'main/preload.ts'],
];

test('each library is imported by one place', () => {
  const strays = product.flatMap(({ name, imports }) =>
    imports.flatMap(({ target, isType }) => {
      if (isType && target === 'electron' && name.startsWith('main/')) return [];
      const owner = owners.find(([library]) => target === library || target.startsWith(`${library}/`));
      return owner === undefined || startsWithOneOf(name, ...owner.slice(1)) ? [] : [`${name} → ${target}`];
    }),
  );
  assert.deepEqual(strays, []);
});

test('every library that is shipped has its place', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const homeless = Object.keys(dependencies).filter(
    (name) => !owners.some(([library]) => name === library || name.startsWith(`${library}/`)),
  );
  assert.deepEqual(homeless, []);
});

test('nothing imports in a circle', () => {
  const byName = new Map(product.map((file) => [file.name, file]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (trail.includes(name)) circles.push([...trail.slice(trail.indexOf(name)), name].join(' → '));
    if (done.has(name) || trail.includes(name)) return;
    for (const { target, isType } of byName.get(name)?.imports ?? [])
      if (!isType) visit(target, [...trail, name]);
    done.add(name);
  };
  for (const { name } of product) visit(name, []);
  assert.deepEqual(circles, []);
});

test('files are named and sized as agreed', () => {
  const banned = /(^|-)(utils?|helpers?|common|misc|manager|service|data)(-|\.)/;
  const badNames = files.filter(({ name }) => {
    const base = path.posix.basename(name).replace(/\.(tests?|spec|d)(?=\.ts$)/, '');
    return (
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.config)?\.(ts|mjs)$/.test(base) ||
      (banned.test(base) && !isNamedByProtocol(base))
    );
  });
  assert.deepEqual(
    badNames.map(({ name }) => name),
    [],
  );
  const isLongByNature = (name: string): boolean =>
    /^server\/contract\/|\/locales\/|\/migrations\//.test(name);
  const tooLong = product.filter(({ name, text }) => !isLongByNature(name) && text.split('\n').length > 401);
  assert.deepEqual(
    tooLong.map(({ name }) => name),
    [],
  );
});

/** The data folder is a thing of its own here, not a name for anything at all. */
function isNamedByProtocol(base: string): boolean {
  return base === 'data-folder.ts';
}

test('npm test runs every test there is', () => {
  const stages = files.filter(({ name }) => /^scripts\/[a-z-]+\.mjs$/.test(name));
  const globs = stages.flatMap(({ text }) =>
    [...text.matchAll(/'([^'\s]+\.test\.ts)'/g)].map(([, glob = '']) => glob),
  );
  const folders = stages.flatMap(({ text }) =>
    [...text.matchAll(/'(tests\/[a-z0-9]+)'/g)].map(([, folder = '']) => `${folder}/`),
  );
  const left = files.flatMap(({ name }) => {
    if (name.endsWith('.spec.ts')) return startsWithOneOf(name, ...folders) ? [] : [name];
    return !name.endsWith('.test.ts') || globs.some((glob) => path.matchesGlob(name, glob)) ? [] : [name];
  });
  assert.deepEqual(left, []);
});

/** Lines of shipped files that match, as `file:line`. */
const linesWith = (pattern: RegExp, isExempt: (name: string) => boolean = () => false): string[] =>
  product
    .filter(({ name }) => !isExempt(name))
    .flatMap(({ name, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(withoutComment(line)) ? [`${name}:${index + 1}`] : [])),
    );

const withoutComment = (line: string): string =>
  line.replace(/^\s*(\/\/|\*|\/\*\*).*$/, '').replace(/\s\/\/ .*$/, '');

test('functions say what they do', () => {
  assert.deepEqual(linesWith(/\b(function|const)\s+(handle|process)[A-Z]\w*\s*[=(]/), []);
});

test('HTML is never made from text in the page', () => {
  const dangerous =
    /\.(innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/;
  assert.deepEqual(
    linesWith(dangerous, (name) => name.startsWith('server/')),
    [],
  );
});

test('one file of each process reads the environment', () => {
  assert.deepEqual(
    linesWith(/\bprocess\.env\b/, (name) => name === 'server/config.ts' || name === 'main/main.ts'),
    [],
  );
});

test('one file emits', () => {
  const emits = linesWith(
    /\.(emit|socketsJoin|socketsLeave|disconnectSockets)\(/,
    (name) => !name.startsWith('server/'),
  );
  assert.deepEqual([...new Set(emits.map((place) => place.split(':')[0]))], ['server/gateway/audience.ts']);
});

test('classes are errors, exports have names, and nothing is left for later', () => {
  assert.deepEqual(linesWith(/\bclass\s+\w+(?!\w*\s+extends\s+\w*Error\b)\s*(extends|\{)/), []);
  // Tinypool takes a worker's default export
  const isDefaultNeeded = (name: string): boolean => /-worker\.ts$|\.d\.ts$/.test(name);
  assert.deepEqual(linesWith(/^export default\b/, isDefaultNeeded), []);
  const later = product.flatMap(({ name, text }) => (/\b(TODO|FIXME|XXX)\b/.test(text) ? [name] : []));
  assert.deepEqual(later, []);
});

test('a type that is asserted says why', () => {
  const asserted = /[\w)\]}>] as (?!const\b)[\w{([]|[\w)\]]!(?=[.,;)[\]]|$)/;
  const unexplained = product.flatMap(({ name, text }) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) => {
      const code = withoutComment(line).replace(/'[^']*'|`[^`]*`/g, "''");
      const isNaming = /^\s*(import|export)\b|^\s*(type )?\w+ as \w+,$/.test(code);
      if (isNaming || !asserted.test(code)) return [];
      // the formatter moves long lines, so the comment may stand somewhat above or below
      const around = lines.slice(Math.max(0, index - 2), index + 4).join('\n');
      const isExplained = /\/\/|\*\//.test(around);
      return isExplained ? [] : [`${name}:${index + 1}`];
    });
  });
  assert.deepEqual(unexplained, []);
});

test('every feature of the server is in the composition root', () => {
  const roots = product.filter(({ name }) => /^server\/start-[a-z]+\.ts$/.test(name));
  const composed = roots.flatMap(({ imports }) => imports);
  const names = new Set(product.flatMap(({ name }) => /^server\/features\/([^/]+)\//.exec(name)?.[1] ?? []));
  const missing = [...names].filter(
    (feature) => !composed.some(({ target }) => target.startsWith(`server/features/${feature}/`)),
  );
  assert.deepEqual(missing, []);
});
