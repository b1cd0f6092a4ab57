/**
 * The server as it is shipped, the same in the desktop app and in a server release: bundle, page, the two packages that are not
 * bundled, licences. Plain files that any Node runs from wherever they lie.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unbundledPackages } from '../server-bundle.ts';
import type { Target } from './target.ts';
import { filesBelow, textFile } from './tree.ts';
import type { TreeFile } from './tree.ts';

type Product = { name: string; version: string; description: string; license: string };

/** What package.json says about the product. */
export function readProduct(root: string): Product {
  const { name, version, description, license }: Product = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return { name, version, description, license };
}

/** The server's files for one platform. The bundle must have been made. */
export function serverTree(root: string, target: Pick<Target, 'sqlite'>): TreeFile[] {
  // `type` makes the bundle's scripts modules; name and version are what the server asks for
  const product = { ...readProduct(root), private: true, type: 'module' };
  return [
    textFile('package.json', `${JSON.stringify(product, null, 2)}\n`),
    ...['LICENSE', 'THIRD-PARTY-NOTICES.md', 'docs/operating.md'].map((name) => copied(root, name)),
    ...bundled(root, 'server').filter(({ name }) => !name.endsWith('.map')),
    // the page's maps are listed in its manifest
    ...bundled(root, 'static'),
    ...unbundledPackages.flatMap((name) => packageTree(root, name, target)),
  ];
}

/** One folder of `dist/` as the last bundling made it, without what it kept of the one before. */
export function bundled(root: string, folder: string): TreeFile[] {
  const names = readFileSync(path.join(root, 'dist', folder, '.outputs'), 'utf8').split('\n');
  return names.map((name) => copied(root, `dist/${folder}/${name}`)).sort(byName);
}

const copied = (root: string, name: string): TreeFile => ({
  name,
  source: path.join(root, name),
  isExecutable: false,
});

const byName = (a: TreeFile, b: TreeFile): number => (a.name < b.name ? -1 : 1);

/** What a package needs at run time: no sources of the native module, no binary of another platform. */
function packageTree(root: string, name: string, { sqlite }: Pick<Target, 'sqlite'>): TreeFile[] {
  const folder = path.join(root, 'node_modules', name);
  return filesBelow(folder, '', (file) => {
    if (file.startsWith('prebuilds/')) return file === `prebuilds/${sqlite}.node`;
    return /^(package\.json|licen[cs]e.*)$/i.test(file) || /^(lib|dist)\/.*\.js$/.test(file);
  }).map((file) => ({ ...file, name: `node_modules/${name}/${file.name}` }));
}
