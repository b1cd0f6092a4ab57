// The Node that runs the product: the one pinned in package.json where it is published, else a system one that is new enough.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { BootstrapError } from './bootstrap-error.mjs';

/** better-sqlite3 crashes on older ones, and they do not run TypeScript. */
const oldest = { major: 22, minor: 18 };

/** @param {string} version  like v24.21.0 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  // 23 got TypeScript later than 22 did
  if (major === 23) return minor >= 6;
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor);
}

/** @param {string} root */
export function pinnedNode(root) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', file);
}

/**
 * The path of a Node that can run the product. Asking each candidate for its version also finds out whether it runs here at
 * all (the pinned one does not on musl).
 * @param {string} root
 * @param {{ path?: string, current?: string }} [machine]
 */
export function findRuntime(
  root,
  { path: searchPath = process.env.PATH ?? '', current = process.execPath } = {},
) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const onPath = searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '' && !folder.includes(`node_modules${path.sep}.bin`))
    .map((folder) => path.join(folder, file));
  const found = [];
  for (const candidate of new Set([pinnedNode(root), current, ...onPath])) {
    const version = existsSync(candidate) ? versionOf(candidate) : null;
    if (version === null) continue;
    if (isNewEnough(version)) return candidate;
    found.push(version);
  }
  throw new BootstrapError('WRONG_NODE', { found: found.join(', ') });
}

/** @param {string} node */
function versionOf(node) {
  if (node === process.execPath) return process.version;
  const { status, stdout } = spawnSync(node, ['--version'], {
    encoding: 'utf8',
    timeout: 10_000,
    windowsHide: true,
  });
  return status === 0 ? stdout.trim() : null;
}

/**
 * The environment for the product's own commands: its Node and its tools first.
 * @param {string} root @param {string} runtime
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(root, runtime) {
  // Windows calls it Path; a second spelling beside it would win or lose at random
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [path.dirname(runtime), path.join(root, 'node_modules', '.bin'), process.env[name] ?? ''];
  return { ...process.env, [name]: folders.join(path.delimiter) };
}
