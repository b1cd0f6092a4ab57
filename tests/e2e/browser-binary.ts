/**
 * Finds a Chromium for the browser tests: MARU_BROWSER, an installed Chrome, Edge, Chromium or Whale, Playwright's own. Run as
 * a program it also gets one where there is none: Playwright's download, else Debian's package as root.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const names = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
  'naver-whale-stable',
];

function candidates(): string[] {
  const { env, platform } = process;
  const chosen = env['MARU_BROWSER'];
  if (chosen) return [chosen];
  if (platform === 'win32') {
    const folders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']];
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return folders.flatMap((folder) => (folder ? programs.map((program) => path.join(folder, program)) : []));
  }
  if (platform === 'darwin') {
    return ['Google Chrome', 'Microsoft Edge', 'Chromium', 'Whale'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** The path of a browser that runs, or null. */
export function findBrowser(): string | null {
  return (
    [...candidates(), chromium.executablePath()].find((file) => existsSync(file) && isRunnable(file)) ?? null
  );
}

/** On Linux a browser may be there and lack a library, or be a placeholder of snap. Elsewhere asking would open a window. */
function isRunnable(file: string): boolean {
  if (process.platform !== 'linux') return true;
  return spawnSync(file, ['--version'], { timeout: 30_000, stdio: 'ignore' }).status === 0;
}

function run(command: string, args: string[], timeoutMs: number): boolean {
  process.stdout.write(`$ ${command} ${args.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: timeoutMs, env }).status ===
    0
  );
}

function downloadByPlaywright(): boolean {
  const cli = path.resolve(import.meta.dirname, '../../node_modules/@playwright/test/cli.js');
  return run(process.execPath, [cli, 'install', 'chromium', '--no-shell'], 300_000);
}

function installByDebian(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return false;
  const options = ['-o', 'Acquire::Retries=3'];
  return (
    run('apt-get', [...options, 'update'], 180_000) &&
    run(
      'apt-get',
      [...options, 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'],
      600_000,
    )
  );
}

/** Finds a browser, or gets one; null if neither is possible. */
function prepareBrowser(): string | null {
  for (const obtain of [() => true, downloadByPlaywright, installByDebian]) {
    const found = obtain() ? findBrowser() : null;
    if (found !== null) return found;
  }
  return null;
}

if (process.argv[1] === import.meta.filename) {
  const found = prepareBrowser();
  process.stdout.write(`${found ?? 'no browser'}\n`);
  process.exitCode = found === null ? 1 : 0;
}
