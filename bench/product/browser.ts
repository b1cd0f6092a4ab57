/** Chromium with the product's page open, and a bench driver inside the page. */
import { build } from 'esbuild';
import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { findBrowser } from '../../tests/e2e/browser-binary.ts';
import { projectRoot } from '../children/child.ts';

/** An address as it is in an office, where the page is no secure context; it is mapped to this machine. */
export const officeHost = '192.168.77.7';

/** Rejects where there is no Chromium; the row then says so. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('No Chromium here: install one, or run npm test once.');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=MAP ${officeHost} 127.0.0.1`,
      '--disable-dev-shm-usage',
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
  });
}

let driver: Promise<string> | null = null;

async function bundleDriver(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['bench/browser/page-driver.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome87',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** Puts `maruBench` into the page. Evaluated by the debugger, so that the page's own policy stays as it is. */
export async function installDriver(page: Page): Promise<void> {
  driver ??= bundleDriver();
  await page.evaluate(await driver);
}
