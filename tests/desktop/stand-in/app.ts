/** `app`: lock, paths, switches and the ways to end. */
import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { App, AppEvents } from '../../../main/electron-api.ts';
import { closeBrowser } from './chromium.ts';
import { createEmitter, preventable } from './emitter.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const { env } = process;
const events = createEmitter<AppEvents>();
const paths = {
  home: homedir(),
  appData: path.join(env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config')),
  userData: path.join(env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'), 'maru'),
  exe: process.execPath,
};
let loginItem = false;
let isReady = false;
let isLeaving = false;
const switches = new Map<string, string>();

const lockFile = (): string => path.join(paths.userData, 'SingletonLock');
const calls = (): string => path.join(paths.userData, 'SingletonCalls');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

/** Between real processes: the first holds a file with its id and reads what the others leave for it. */
function takeLock(): boolean {
  mkdirSync(calls(), { recursive: true });
  // there with its content at once: nobody finds a lock of nobody
  const own = path.join(paths.userData, `SingletonLock.${process.pid}`);
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lockFile());
  } catch {
    if (isAlive(Number(readText(lockFile())))) {
      writeFileSync(path.join(calls(), `${process.pid}.json`), JSON.stringify([process.argv, process.cwd()]));
      return false;
    }
    writeFileSync(lockFile(), String(process.pid));
  } finally {
    rmSync(own, { force: true });
  }
  const hear = (): void => {
    for (const name of readdirSync(calls()).filter((each) => each.endsWith('.json'))) {
      const text = readFileSync(path.join(calls(), name), 'utf8');
      if (text === '') continue;
      rmSync(path.join(calls(), name));
      const [argv, cwd] = JSON.parse(text) as [string[], string];
      events.emit('second-instance', {}, argv, cwd);
    }
  };
  watch(calls(), hear).unref();
  return true;
}

async function leave(code: number): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  await closeBrowser();
  if (readText(lockFile()) === String(process.pid)) rmSync(lockFile(), { force: true });
  process.exit(code);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

export const app = {
  ...events,
  switches,
  isPackaged: false,
  commandLine: {
    appendSwitch(name: string, value = '') {
      // Electron ignores those that come too late
      if (isReady) throw new Error(`the switch ${name} comes after the app was ready`);
      switches.set(name, value);
    },
  },
  enableSandbox() {
    if (isReady) throw new Error('enableSandbox comes after the app was ready');
  },
  requestSingleInstanceLock: takeLock,
  async whenReady() {
    // Electron is ready after the entry was loaded
    await new Promise((resolve) => setImmediate(resolve));
    isReady = true;
    // Electron runs until somebody ends it, whatever there is to do
    setInterval(() => undefined, 60_000);
  },
  quit() {
    const event = preventable({});
    events.emit('before-quit', event);
    if (!event.isPrevented) void leave(0);
  },
  exit: (code = 0) => void leave(code),
  getAppPath: () => root,
  getVersion: () => '0.0.0',
  getPath: (name: keyof typeof paths) => paths[name],
  setPath(name: 'userData', place: string) {
    paths[name] = place;
  },
  setAppUserModelId: () => undefined,
  getPreferredSystemLanguages: () => [env['STAND_IN_LOCALE'] ?? 'ko-KR'],
  setLoginItemSettings: ({ openAtLogin = false }) => void (loginItem = openAtLogin),
  getLoginItemSettings: () => ({ openAtLogin: loginItem }),
} satisfies App & { emit: unknown; switches: unknown };

// Electron ends in good order when the system asks
process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());
