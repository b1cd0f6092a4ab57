/**
 * The desktop app as a spec drives it: on Electron, through Playwright, where its binary is there; else on the stand-in. What
 * runs is the bundle in `dist/` either way.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, chromium, expect, test as base } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { build } from 'esbuild';
import { freePort } from '../e2e/free-port.ts';
import type { Probe, ProbeMenuItem } from './probe.ts';
import type { standIn } from './stand-in/electron.ts';

const root = path.resolve(import.meta.dirname, '../..');
const entry = path.join(root, 'dist', 'main', 'main.js');

export type Api = typeof standIn & { debuggingAddress?: () => Promise<string | null> };
type Run = <Value, Argument>(
  inside: (electron: Api, argument: Argument) => Value | Promise<Value>,
  argument: Argument,
) => Promise<Value>;

export type DesktopOptions = {
  args?: readonly string[];
  /** In config.json, where the app can change it; else as an argument, which wins over that. */
  isPortInFile?: boolean;
  locale?: 'ko-KR' | 'en-US';
  env?: NodeJS.ProcessEnv;
  /** Folders of an app that ran before. */
  home?: DesktopHome;
};

export type DesktopHome = { userDataDir: string; dataDir: string; port: number };

export type Desktop = DesktopHome & {
  kind: 'Electron' | 'the stand-in';
  pid: number;
  /** Runs a function in the main process. */
  evaluate: Run;
  probe(): Promise<Omit<Probe, 'menu'> & { menu: ProbeMenuItem[] }>;
  menuItem(id: string): Promise<ProbeMenuItem | undefined>;
  choose(id: string): Promise<void>;
  answer(answers: Partial<Probe['answers']>): Promise<void>;
  windowCount(): Promise<number>;
  /** The page of the window, which must be open. */
  page(): Promise<Page>;
  waitForTooltip(text: RegExp): Promise<void>;
  serverPid(): number;
  exited: Promise<number>;
  quit(): Promise<number>;
  log(): string;
  output(): string;
};

/** Electron's executable, or null: presence is checked by file, because asking the package starts a download. */
export function findElectron(): string | null {
  const folder = path.join(root, 'node_modules', 'electron');
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const file = path.join(folder, 'dist', readFileSync(pathFile, 'utf8'));
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  return existsSync(file) && hasDisplay ? file : null;
}

export async function makeHome(): Promise<DesktopHome> {
  const folder = mkdtempSync(path.join(tmpdir(), 'maru-desktop-'));
  return {
    userDataDir: path.join(folder, 'app'),
    dataDir: path.join(folder, 'data'),
    port: await freePort(),
  };
}

export function removeHome({ userDataDir }: DesktopHome): void {
  rmSync(path.dirname(userDataDir), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The environment of both: nothing of the person who runs the tests, limits that a test does not meet. */
const environment = ({ userDataDir }: DesktopHome, { locale = 'ko-KR', env }: DesktopOptions) => ({
  ...process.env,
  XDG_CONFIG_HOME: path.join(path.dirname(userDataDir), 'config'),
  STAND_IN_LOCALE: locale,
  LANGUAGE: locale.slice(0, 2),
  REGISTER_PER_MINUTE: '1000',
  LOGIN_PER_MINUTE: '1000',
  ...env,
});

const argumentsOf = (
  { userDataDir, dataDir, port }: DesktopHome,
  { args = [], isPortInFile = false }: DesktopOptions,
): string[] => [
  `--user-data-dir=${userDataDir}`,
  `--data-dir=${dataDir}`,
  ...(isPortInFile ? [] : [`--port=${port}`]),
  ...args,
];

type Raw = Pick<Desktop, 'kind' | 'pid' | 'evaluate' | 'page' | 'exited' | 'output'> & {
  hasEnded: () => boolean;
};

async function startStandIn(home: DesktopHome, options: DesktopOptions): Promise<Raw> {
  const register = path.join(import.meta.dirname, 'stand-in', 'register.ts');
  const child = spawn(process.execPath, ['--import', register, entry, ...argumentsOf(home, options)], {
    cwd: root,
    env: environment(home, options),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => Number(code ?? -1));
  const evaluate = evaluator(child, () => output);
  let browser: Browser | null = null;
  void exited.then(() => browser?.close());
  return {
    kind: 'the stand-in',
    pid: child.pid ?? 0,
    evaluate,
    exited,
    hasEnded: () => child.exitCode !== null,
    output: () => output,
    async page() {
      const address = await evaluate(
        async ({ debuggingAddress }) => (await debuggingAddress?.()) ?? null,
        null,
      );
      if (address === null) throw new Error('there is no window');
      browser ??= await chromium.connectOverCDP(address);
      const { contexts } = { contexts: browser.contexts() };
      await expect.poll(() => contexts.flatMap((context) => context.pages()).some(isOurs)).toBe(true);
      const page = contexts.flatMap((context) => context.pages()).findLast(isOurs);
      if (page === undefined) throw new Error('there is no window');
      return page;
    },
  };
}

const isOurs = (page: Page): boolean => /^(maru:\/\/app|https:\/\/app\.maru-scheme)/.test(page.url());

function evaluator(child: ChildProcess, output: () => string): Run {
  let lastId = 0;
  return (inside, argument) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      const id = lastId;
      const settle = (message: unknown): void => {
        const { id: answered, error, value } = message as { id: number; error?: string; value: never }; // register.ts
        if (answered !== id) return;
        child.off('message', settle);
        child.off('exit', fail);
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      };
      const fail = (): void => reject(new Error(`the app has ended:\n${output()}`));
      if (child.exitCode !== null) return fail();
      child.on('message', settle);
      child.once('exit', fail);
      return child.send({ id, source: inside.toString(), argument }, (error) => {
        // the line ends a moment before the process; `fail` is called then
        if (error !== null && child.connected) reject(error);
      });
    });
}

async function startElectron(
  executablePath: string,
  home: DesktopHome,
  options: DesktopOptions,
): Promise<Raw> {
  const hook = path.join(path.dirname(home.userDataDir), 'probe.cjs');
  await build({
    stdin: {
      contents: `import { installProbe } from './probe.ts'; installProbe(require('electron'));`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['electron'],
    outfile: hook,
    logLevel: 'warning',
  });
  const isRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath,
    cwd: root,
    args: ['-r', hook, ...(isRoot ? ['--no-sandbox'] : []), root, ...argumentsOf(home, options)],
    env: environment(home, options),
  });
  let output = '';
  const child = app.process();
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    kind: 'Electron',
    pid: child.pid ?? 0,
    // the same members, as main/electron-api.ts says; Playwright's types want Electron's whole module
    evaluate: (inside, argument) => app.evaluate(inside as never, argument),
    exited: once(child, 'exit').then(([code]) => Number(code ?? -1)),
    hasEnded: () => child.exitCode !== null,
    output: () => output,
    async page() {
      await expect.poll(() => app.windows().some(isOurs)).toBe(true);
      const page = app.windows().findLast(isOurs);
      if (page === undefined) throw new Error('there is no window');
      return page;
    },
  };
}

/** Starts the app; it is ready for questions, the server may still be starting. */
export async function startDesktopApp(home: DesktopHome, options: DesktopOptions = {}): Promise<Desktop> {
  if (!existsSync(entry)) throw new Error('There is no bundle: run npm run bundle.');
  if (options.isPortInFile === true) {
    mkdirSync(home.dataDir, { recursive: true });
    writeFileSync(path.join(home.dataDir, 'config.json'), JSON.stringify({ port: home.port }));
  }
  const electron = findElectron();
  const raw =
    electron === null ? await startStandIn(home, options) : await startElectron(electron, home, options);
  const { evaluate, exited } = raw;
  const probe: Desktop['probe'] = () =>
    evaluate(() => {
      const { desktopProbe } = globalThis as unknown as { desktopProbe: Probe }; // installed before the app
      const menu = desktopProbe.menu.map(({ id, label, type, enabled, checked }) => ({
        id,
        label,
        type,
        enabled,
        checked,
      }));
      return { ...desktopProbe, menu };
    }, null);
  // the tray is drawn once the app is up; a second instance ends instead
  const isUp = expect.poll(async () => (await probe()).tray.tooltip, { timeout: 60_000 }).not.toBe('');
  await Promise.race([exited, isUp]).catch((error: unknown) => raw.hasEnded() || Promise.reject(error));
  return {
    ...home,
    ...raw,
    probe,
    menuItem: async (id) => (await probe()).menu.find((item) => item.id === id),
    choose: (id) =>
      evaluate((_, wanted) => {
        const { desktopProbe } = globalThis as unknown as { desktopProbe: Probe }; // as above
        const item = desktopProbe.menu.find((each) => each.id === wanted);
        if (item === undefined || item.enabled === false) throw new Error(`${wanted} cannot be chosen`);
        item.click?.();
      }, id),
    answer: (answers) =>
      evaluate((_, given) => {
        const { desktopProbe } = globalThis as unknown as { desktopProbe: Probe }; // as above
        Object.assign(desktopProbe.answers, given);
      }, answers),
    windowCount: () => evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null),
    async waitForTooltip(text) {
      await expect.poll(async () => (await probe()).tray.tooltip, { timeout: 60_000 }).toMatch(text);
    },
    serverPid: () => Number(readFileSync(path.join(home.dataDir, 'maru.pid'), 'utf8').split('\n')[0]),
    async quit() {
      await evaluate(({ app }) => app.quit(), null).catch(() => undefined);
      return exited;
    },
    log: () => readFileSync(path.join(home.userDataDir, 'desktop.log'), 'utf8'),
  };
}

export const running = /실행 중|running/;
export const problem = /문제|problem/;
export const stopped = /멈춤|stopped/;

/** `home` is a new computer; `start` starts apps on it, which end with the test. */
export const test = base.extend<{
  home: DesktopHome;
  start: (options?: DesktopOptions) => Promise<Desktop>;
}>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs off this pattern
  home: async ({}, use) => {
    const home = await makeHome();
    await use(home);
    removeHome(home);
  },
  start: async ({ home }, use, info) => {
    const apps: Desktop[] = [];
    await use(async (options = {}) => {
      const app = await startDesktopApp(options.home ?? home, options);
      apps.push(app);
      return app;
    });
    for (const app of apps) {
      if (info.status !== info.expectedStatus) {
        const log = existsSync(path.join(app.userDataDir, 'desktop.log')) ? app.log() : '';
        await info.attach('desktop.log', { body: `${log}\n${app.output()}` });
        process.stdout.write(`${log}\n${app.output()}\n`);
      }
      await app.quit();
    }
  },
});

export { expect, freePort };
