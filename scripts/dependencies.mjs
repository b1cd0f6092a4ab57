// Installs what package-lock.json says if what is installed is something else. Whether it is, is decided by content, never by
// time stamps: a checkout, a copy and a restored cache all lie about those.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { BootstrapError, inLanguage } from './bootstrap-error.mjs';
import { withLock } from './lock.mjs';

/** @param {string} root */
const markerOf = (root) => path.join(root, 'node_modules', '.maru-install');

/**
 * What `node_modules` must correspond to. The platform counts: a folder copied or shared from another system has its binaries.
 * @param {string} root
 */
export function wantedInstall(root) {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockfile).digest('hex');
  return `${hash} ${process.platform} ${process.arch}\n`;
}

/**
 * @param {string} root
 * @returns {'fresh' | 'adoptable' | 'stale'}  adoptable: somebody ran a complete `npm ci` by hand
 */
export function installState(root) {
  const recorded = readText(markerOf(root));
  if (recorded === wantedInstall(root)) return 'fresh';
  return recorded === null && isInstalledByHand(root) ? 'adoptable' : 'stale';
}

/**
 * npm itself records what it installed in node_modules/.package-lock.json; it writes that last.
 * @param {string} root
 */
function isInstalledByHand(root) {
  const wanted = packagesIn(path.join(root, 'package-lock.json'));
  const installed = packagesIn(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null || installed === null) return false;
  for (const [place, entry] of Object.entries(wanted)) {
    if (place === '') continue;
    const present = installed[place];
    if (present === undefined) {
      // packages for other systems are left out; those for this one are not
      if (entry.optional === true && !isForThisMachine(entry)) continue;
      return false;
    }
    if (present.version !== entry.version || present.integrity !== entry.integrity) return false;
  }
  return Object.keys(installed).every((place) => place in wanted);
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage> | null}
 */
function packagesIn(file) {
  const text = readText(file);
  try {
    return text === null ? null : (JSON.parse(text).packages ?? null);
  } catch {
    return null;
  }
}

/** @param {LockedPackage} entry */
function isForThisMachine({ os, cpu, libc }) {
  // a C library is not worth detecting: such a package merely makes the folder count as not installed by hand
  return (
    (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch)) && !libc?.includes('musl')
  );
}

/**
 * Makes node_modules what package-lock.json says. Concurrent calls wait for each other.
 * @param {string} root
 */
export async function ensureDependencies(root) {
  if (installState(root) === 'fresh') return;
  const lock = path.join(root, 'dist', '.install.lock');
  /** @param {number} holder */
  const onWait = (holder) =>
    console.log(
      inLanguage(
        `다른 프로세스(${holder})의 설치가 끝나기를 기다립니다 …`,
        `Waiting for process ${holder} to finish installing …`,
      ),
    );
  await withLock(lock, onWait, async (addHolder) => {
    const state = installState(root);
    if (state === 'stale') await install(root, addHolder);
    // what lies behind a link is somebody else's: it may be used as it is, nothing is written there
    if (state !== 'fresh' && linkedTo(root) === null) writeFileSync(markerOf(root), wantedInstall(root));
  });
}

/**
 * Where `node_modules` is if it is a link (on Windows a junction counts), else null. npm empties the folder that it installs
 * into: through a link that would be the folder of another copy.
 * @param {string} root
 */
function linkedTo(root) {
  const folder = path.join(root, 'node_modules');
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return null;
  return path.resolve(root, readlinkSync(folder));
}

/** @param {string} root @param {(pid: number) => void} addHolder */
async function install(root, addHolder) {
  const target = linkedTo(root);
  if (target !== null) throw new BootstrapError('MODULES_LINKED', { target });
  console.log(inLanguage('필요한 것을 설치합니다 (npm ci) …', 'Installing what is needed (npm ci) …'));
  rmSync(markerOf(root), { force: true });
  moveRunningNodeAside(root);
  // no install scripts: npm 12 runs none, so that nothing may depend on them anywhere
  const args = [
    'ci',
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    // on Node 20 npm warns of each package that wants a newer one; the product runs on the pinned one, which is installed here
    '--loglevel=error',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=8000',
  ];
  const { command, prefix, isShell } = npmCommand();
  const { exitCode, errors } = await runNpm(command, [...prefix, ...args], root, isShell, addHolder);
  if (exitCode === 0) return;
  const reason =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ENOTCACHED|E50[234])\b/.exec(
      errors,
    )?.[1];
  throw reason
    ? new BootstrapError('REGISTRY_UNREACHABLE', { reason })
    : new BootstrapError('INSTALL_FAILED', { exitCode });
}

/**
 * Windows cannot delete a program that runs, and npm puts node_modules' own Node first on PATH: it may be what runs this
 * file. It can be renamed, though; the next install sweeps it up.
 * @param {string} root
 */
function moveRunningNodeAside(root) {
  if (process.platform !== 'win32') return;
  const attic = path.join(root, 'dist', '.old-node');
  mkdirSync(attic, { recursive: true });
  for (const name of readdirSync(attic)) {
    try {
      rmSync(path.join(attic, name));
    } catch {
      // still running somewhere; the next install tries again
    }
  }
  const relative = path.relative(path.join(root, 'node_modules'), process.execPath);
  if (relative.startsWith('..') || path.isAbsolute(relative) || !existsSync(process.execPath)) return;
  renameSync(process.execPath, path.join(attic, `node-${process.pid}.exe`));
}

/**
 * The npm that started us, run by the Node that runs it: Windows refuses to start `npm.cmd` without a shell.
 * @returns {{ command: string, prefix: string[], isShell: boolean }}
 */
function npmCommand() {
  const outer = process.env.npm_execpath;
  if (outer && /npm-cli\.[cm]?js$/.test(outer) && existsSync(outer)) {
    const node = process.env.npm_node_execpath;
    const isUsable = node !== undefined && existsSync(node) && !node.includes(`node_modules${path.sep}node-`);
    return { command: isUsable ? node : process.execPath, prefix: [outer], isShell: false };
  }
  const beside = path.dirname(process.execPath);
  for (const folder of [beside, path.join(beside, '..', 'lib')]) {
    const cli = path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (existsSync(cli)) return { command: process.execPath, prefix: [cli], isShell: false };
  }
  return { command: 'npm', prefix: [], isShell: process.platform === 'win32' };
}

/**
 * @param {string} command @param {string[]} args @param {string} root @param {boolean} isShell
 * @param {(pid: number) => void} addHolder
 * @returns {Promise<{ exitCode: number, errors: string }>}
 */
function runNpm(command, args, root, isShell, addHolder) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'pipe'], shell: isShell });
    if (child.pid !== undefined) addHolder(child.pid);
    let errors = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      errors = (errors + text).slice(-20_000);
      process.stderr.write(text);
    });
    // npm must be done with the folder before the lock goes: we wait for it, whatever signal comes
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    const settle = () => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
    };
    child.once('error', (error) => {
      settle();
      reject('code' in error && error.code === 'ENOENT' ? new BootstrapError('NPM_MISSING') : error);
    });
    child.once('close', (code) => {
      settle();
      resolve({ exitCode: code ?? 130, errors });
    });
  });
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
