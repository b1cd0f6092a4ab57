// Bundles if the sources are not the ones that the present bundle was made of. `npm run bundle` bundles in any case.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BootstrapError, inLanguage, runScript } from './bootstrap-error.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { findRuntime, toolEnvironment } from './runtime.mjs';

const sourceFolders = ['server', 'static', 'main', 'renderer', 'build'];
const sourceFiles = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** @param {string} root */
export const serverEntry = (root) => path.join(root, 'dist', 'server', 'cli.js');

/** @param {string} root */
const markerOf = (root) => path.join(root, 'dist', '.sources');

/**
 * One hash over names and contents of everything that goes into the bundle.
 * @param {string} root
 */
export function sourceHash(root) {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles, ...sourceFolders.flatMap((folder) => filesIn(root, folder))]) {
    const full = path.join(root, file);
    if (!existsSync(full)) continue;
    const content = readFileSync(full);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root @param {string} folder
 * @returns {string[]}  with slashes, in one order on every system
 */
function filesIn(root, folder) {
  if (!existsSync(path.join(root, folder))) return [];
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(root, name);
      return /\.tests?\.ts$|~$/.test(entry.name) ? [] : [name];
    });
}

/** @param {string} root */
export function isBundleFresh(root) {
  const marker = markerOf(root);
  return (
    existsSync(serverEntry(root)) && existsSync(marker) && readFileSync(marker, 'utf8') === sourceHash(root)
  );
}

/**
 * @param {string} root @param {string} runtime @param {{ isForced?: boolean }} [options]
 */
export async function ensureBundle(root, runtime, { isForced = false } = {}) {
  if (!isForced && isBundleFresh(root)) return;
  /** @param {number} holder */
  const onWait = (holder) =>
    console.log(
      inLanguage(
        `다른 프로세스(${holder})의 번들 작업을 기다립니다 …`,
        `Waiting for process ${holder} to finish bundling …`,
      ),
    );
  await withLock(path.join(root, 'dist', '.bundle.lock'), onWait, async () => {
    if (!isForced && isBundleFresh(root)) return;
    // taken before bundling: what changes meanwhile makes the next start bundle again
    const hash = sourceHash(root);
    rmSync(markerOf(root), { force: true });
    const env = toolEnvironment(root, runtime);
    const exitCode = await runChild(runtime, [path.join(root, 'build', 'bundle.ts')], { cwd: root, env });
    if (exitCode !== 0) throw new BootstrapError('BUNDLE_FAILED');
    writeFileSync(markerOf(root), hash);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runScript(async () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    await ensureDependencies(root);
    await ensureBundle(root, findRuntime(root), { isForced: true });
    return 0;
  });
}
