/**
 * Writes THIRD-PARTY-NOTICES.md: the licence of every package of which something is shipped, from what the bundler really put
 * into the output, so that the list can neither forget one nor name one that is only used for building.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleClient } from './client-bundle.ts';
import { bundleMain, bundleWindow } from './desktop-bundle.ts';
import { bundleServer, unbundledPackages } from './server-bundle.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Shipped without passing through the bundler: copied shapes, and the runtime. */
const alsoShipped = ['lucide-static'];

const introduction = `# Third-party notices

Maru contains software and a font by others. Each is listed with its licence, as its authors wrote it.
Written by \`npm run notices\`; a test compares it with what the bundle contains.
`;

type Notice = { name: string; version: string; license: string; text: string };

/** The packages whose code or files are in the outputs of a bundle. */
export function shippedPackages(metafiles: readonly Metafile[]): string[] {
  const names = new Set([...unbundledPackages, ...alsoShipped]);
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(file)?.[1];
        if (name !== undefined && bytesInOutput > 0) names.add(name);
      }
    }
  }
  return [...names].sort();
}

/** The text of the notices for these packages. */
export function noticesText(names: readonly string[]): string {
  const notices = names.map(noticeOf);
  const rows = notices.map(({ name, version, license }) => `- ${name} ${version}: ${license}`);
  const texts = notices.map(({ name, version, text }) => `## ${name} ${version}\n\n${fenced(text)}\n`);
  return `${[introduction, ...rows, '', ...texts].join('\n').trimEnd()}\n`;
}

function noticeOf(name: string): Notice {
  const folder = path.join(root, 'node_modules', name);
  const { version = '', license = '' }: { version?: string; license?: string } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = ['', 'dist/'].flatMap((below) => licenceFiles(folder, below));
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  const own = path.join(root, 'build', 'licences', `${name.replace('/', '__')}.txt`);
  // some packages name their licence and forget its text: it is kept in build/licences, taken from their repositories
  if (text === '' && !existsSync(own)) throw new Error(`${name} ships no licence text: add it as ${own}`);
  return { name, version, license, text: text === '' ? readFileSync(own, 'utf8').trim() : text };
}

const licenceFiles = (folder: string, below: string): string[] =>
  existsSync(path.join(folder, below))
    ? readdirSync(path.join(folder, below))
        .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
        .map((file) => below + file)
    : [];

/** A fence longer than any inside the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/[ \t\r]+$/gm, '')}\n${fence}`;
}

if (process.argv[1] === import.meta.filename) {
  const bundles = await Promise.all([
    bundleServer(root),
    bundleClient(root),
    bundleMain(root),
    bundleWindow(root),
  ]);
  const names = shippedPackages(bundles.flatMap(({ metafiles }) => metafiles));
  writeFileSync(path.join(root, 'THIRD-PARTY-NOTICES.md'), noticesText(names));
  console.log(`${names.length} packages`);
}
