import { defineConfig } from '@playwright/test';
import { findBrowser } from '../e2e/browser-binary.ts';
import { findElectron } from './desktop.ts';

process.stdout.write(`desktop specs run on ${findElectron() === null ? 'the stand-in' : 'Electron'}\n`);

const executablePath = findBrowser();
if (executablePath === null)
  throw new Error('No Chromium: npm test finds or installs one, see CONTRIBUTING.md');

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../test-results/desktop',
  // each test is a computer of its own: folders, port, processes
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // patience for a loaded machine; it costs nothing where things come
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  // the browser of somebody in the office; the app has one of its own
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath,
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
    },
  },
});
