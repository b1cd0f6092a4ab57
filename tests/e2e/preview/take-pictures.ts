/**
 * Pictures of every screen: `node tests/e2e/preview/take-pictures.ts <folder> [scene …]`. Korean and English, light and
 * dark, desktop and phone; look at them before calling a screen done.
 */
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { buildPreview } from './build-preview.ts';

/** `from`: the made-up state that it starts with; left out, that of its own name. */
type Scene = { name: string; from?: string; act?: (page: Page) => Promise<unknown> };

const press = (selector: string) => (page: Page) => page.click(selector);

const openSecurity = async (page: Page): Promise<void> => {
  await page.click('.me__button');
  await page.click('#tab-security');
};

const openPerson = async (page: Page): Promise<void> => {
  await page.click('.head__seal');
  await page.click('.holder--button >> nth=2');
};

const openOldSheet = async (page: Page): Promise<void> => {
  await openSecurity(page);
  await page.click('.dialog .button--link');
};

const openResetCode = async (page: Page): Promise<void> => {
  await page.click('.entrance__links .button--link >> nth=-1');
  await page.click('.way >> nth=1');
};

/** As far as the new sheet, and a press beside it. */
const leaveNewSheet = async (page: Page): Promise<void> => {
  await openResetCode(page);
  await page.fill('input[name=username] >> nth=-1', 'doyun.kim');
  await page.fill('input[name=reset-code]', 'AAAA');
  await page.click('.dialog .button--primary');
  for (const box of ['0', '1'])
    await page.fill(`.dialog input[type=password] >> nth=${box}`, 'wide wooden table 1');
  await page.click('.dialog .button--primary');
  await page.waitForSelector('.sheet__card');
  await page.mouse.click(4, 4);
};

const scenes: readonly Scene[] = [
  { name: 'boot' },
  { name: 'boot-down' },
  { name: 'sign-in' },
  { name: 'ended' },
  { name: 'ways-back', from: 'sign-in', act: press('.entrance__links .button--link >> nth=-1') },
  { name: 'reset-code', from: 'sign-in', act: openResetCode },
  { name: 'new-sheet-left', from: 'sign-in', act: leaveNewSheet },
  { name: 'old-sheet', act: openOldSheet },
  { name: 'sign-in-busy' },
  { name: 'first' },
  { name: 'sign-up-busy' },
  { name: 'locked' },
  { name: 'sheet' },
  { name: 'loading' },
  { name: 'empty' },
  { name: 'list' },
  { name: 'red-light' },
  { name: 'room' },
  { name: 'unsent' },
  { name: 'quarantined' },
  { name: 'room-security', act: press('.head__seal') },
  { name: 'forked', act: press('.head__seal') },
  { name: 'waiting-own', act: press('.chat__notices .button') },
  { name: 'unsound', act: openSecurity },
  { name: 'row-help', act: press('.bubble--unreadable .button') },
  { name: 'person-security', act: openPerson },
  { name: 'offline' },
  { name: 'huge' },
  { name: 'new', act: press('.me .icon-button') },
  { name: 'profile', act: press('.me__button') },
];

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const [folder = 'test-results/preview', ...wanted] = process.argv.slice(2);
const built = path.join(folder, 'page');
await buildPreview(built);
mkdirSync(folder, { recursive: true });
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname;
  try {
    const file = path.join(built, name === '/' ? 'index.html' : path.normalize(name));
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
// A listening TCP server's address is an object.
const { port } = server.address() as AddressInfo;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const sizes = { desktop: { width: 1360, height: 820 }, phone: { width: 390, height: 800 } };
for (const scene of scenes) {
  if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const [language, theme] of [
      ['ko', 'light'],
      ['ko', 'dark'],
      ['en', 'light'],
    ] as const) {
      const page = await browser.newPage({
        viewport,
        hasTouch: size === 'phone',
        isMobile: size === 'phone',
      });
      page.on('pageerror', (error) => process.stderr.write(`${scene.name}: ${String(error.stack)}\n`));
      await page.goto(
        `http://127.0.0.1:${port}/?scene=${scene.from ?? scene.name}&language=${language}&theme=${theme}`,
      );
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(250);
      await scene
        .act?.(page)
        .catch((error: unknown) => process.stderr.write(`${scene.name}: ${String(error)}\n`));
      await page.waitForTimeout(350);
      await page.screenshot({ path: path.join(folder, `${scene.name}-${size}-${language}-${theme}.png`) });
      await page.close();
    }
  }
}
await browser.close();
server.close();
