/** The Chromium behind the stand-in's windows: one browser an app, started with the first window, with the app's own switches. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { BrowserContext } from '@playwright/test';
import { findBrowser } from '../../e2e/browser-binary.ts';

let starting: Promise<BrowserContext> | null = null;
let profile = '';

const addressFile = (): string => path.join(profile, 'DevToolsActivePort');

// Playwright has features of its own to switch off, and Chromium takes the last list only
const isPassedOn = (name: string): boolean => name !== 'disable-features';

export function browserContext(
  profileDir: string,
  switches: ReadonlyMap<string, string>,
): Promise<BrowserContext> {
  profile = profileDir;
  starting ??= launch(profileDir, switches);
  return starting;
}

async function launch(profileDir: string, switches: ReadonlyMap<string, string>): Promise<BrowserContext> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('No Chromium');
  const own = [...switches].filter(([name]) => isPassedOn(name));
  // of the run before in the same folder
  rmSync(addressFile(), { force: true });
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath,
    args: [
      '--remote-debugging-port=0',
      '--disable-dev-shm-usage',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...own.map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`)),
    ],
    viewport: null,
    locale: process.env['STAND_IN_LOCALE'] ?? 'ko-KR',
  });
  // a page that is no window of the app's gets nothing: Electron would not have made it
  await context.route('**/*', (route) => route.abort());
  return context;
}

/** Where another Playwright finds the same browser; null before there is a window. */
export async function debuggingAddress(): Promise<string | null> {
  if (starting === null) return null;
  await starting;
  for (;;) {
    const [port, more] = readAddress().split('\n');
    if (more !== undefined) return `http://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Chromium says on its output that it listens before it writes where
function readAddress(): string {
  try {
    return readFileSync(addressFile(), 'utf8');
  } catch {
    return '';
  }
}

export async function closeBrowser(): Promise<void> {
  const context = await starting?.catch(() => null);
  starting = null;
  await context?.close();
}
