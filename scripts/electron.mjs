// Electron's binary: where it is, whether it can be used here, and fetching it once. The npm package does not hold it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapError, inLanguage } from './bootstrap-error.mjs';
import { withLock } from './lock.mjs';
import { toolEnvironment } from './runtime.mjs';

// 120 MB: long enough for a slow line, short enough to notice that there is none
const fetchLimitMs = 600_000;

/** @param {string} root */
const folderOf = (root) => path.join(root, 'node_modules', 'electron');

/**
 * The executable, or null. Looked for by file: importing the package would start a download.
 * @param {string} root
 */
export function findElectron(root) {
  try {
    const folder = folderOf(root);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const unpacked = readFileSync(path.join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const file = path.join(folder, 'dist', readFileSync(path.join(folder, 'path.txt'), 'utf8'));
    return unpacked === version && existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/**
 * Why a window cannot be shown here, or null if it can.
 * @param {NodeJS.ProcessEnv} env
 * @returns {'NO_DISPLAY' | 'ELECTRON_AS_ROOT' | null}
 */
export function desktopObstacle(env) {
  if (process.platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'NO_DISPLAY';
  // its sandbox refuses to, and without the sandbox it is not ours
  return process.getuid?.() === 0 ? 'ELECTRON_AS_ROOT' : null;
}

/**
 * The tray app instead of the bare server: for somebody who starts it by hand on a desktop, without anything that says
 * otherwise, where Electron has been fetched before.
 * @param {string} root @param {readonly string[]} args @param {NodeJS.ProcessEnv} env
 */
export function isTrayWanted(root, args, env) {
  const known = ['--port', '--host', '--data-dir', '--log-level', '--hidden'];
  const isCommand = args.some((argument) => ['admin', 'backup', 'restore'].includes(argument));
  const isOrdinary =
    !isCommand &&
    args.every((argument) => !argument.startsWith('-') || known.includes(argument.split('=')[0] ?? ''));
  const isByHand = !env.CI && !env.SSH_CONNECTION && !env.SSH_TTY;
  return isOrdinary && isByHand && desktopObstacle(env) === null && findElectron(root) !== null;
}

/**
 * The executable, fetched if need be. Honours `ELECTRON_MIRROR` and the proxy settings that Electron's own installer does.
 * @param {string} root @param {string} runtime
 */
export async function ensureElectron(root, runtime) {
  const present = findElectron(root);
  if (present !== null) return present;
  /** @param {number} holder */
  const onWait = (holder) =>
    console.log(inLanguage(`다른 프로세스(${holder})를 기다립니다 …`, `Waiting for process ${holder} …`));
  return withLock(path.join(root, 'dist', '.electron.lock'), onWait, async () => {
    const meanwhile = findElectron(root);
    if (meanwhile !== null) return meanwhile;
    console.log(
      inLanguage('Electron 을 한 번 내려받습니다(약 120 MB) …', 'Fetching Electron, once (about 120 MB) …'),
    );
    const { error, status } = spawnSync(runtime, [path.join(folderOf(root), 'install.js')], {
      cwd: root,
      env: toolEnvironment(root, runtime),
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: fetchLimitMs,
      killSignal: 'SIGKILL',
    });
    const fetched = findElectron(root);
    if (fetched !== null) return fetched;
    const reason = error ? error.message : `exit code ${status}`;
    throw new BootstrapError('ELECTRON_UNREACHABLE', { reason });
  });
}
