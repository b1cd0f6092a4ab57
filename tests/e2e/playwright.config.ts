import { defineConfig } from '@playwright/test';
import { findBrowser } from './browser-binary.ts';

const executablePath = findBrowser();
if (executablePath === null)
  throw new Error('No Chromium: npm test finds or installs one, see CONTRIBUTING.md');

/** Chromium refuses its own sandbox as root, which is what containers run as. */
const isRoot = process.getuid?.() === 0;

/**
 * Each test starts its own server. An address of the LAN is mapped to this machine, because only there a page is what it is in
 * an office: 127.0.0.1 and localhost are secure contexts, 192.168.77.7 is not.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../../test-results',
  fullyParallel: false,
  // every test has its own server, data folder and port; much of their time is waiting for each other's events
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  // patience for a loaded machine; it costs nothing where things come
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    // what moves is measured and clicked at rest
    contextOptions: { reducedMotion: 'reduce' },
    // recording every test costs a third of the processor: `--trace retain-on-failure` where one is looked into
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--host-resolver-rules=MAP 192.168.77.7 127.0.0.1',
        ...(isRoot ? ['--no-sandbox'] : []),
        // shared memory is 64 MB in containers
        '--disable-dev-shm-usage',
      ],
    },
  },
});
