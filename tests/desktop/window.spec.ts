/** What a person sees and presses in the window. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { adminEn } from '../../static/locales/admin-en.ts';
import { adminKo } from '../../static/locales/admin-ko.ts';
import type { Words } from '../../static/locales/wording.ts';
import { alice, personAt } from '../e2e/office.ts';
import { expect, freePort, problem, running, test } from './desktop.ts';

const readObject = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The English words are not known to be plain ones: some differ by number. */
const text = (words: Words): string => (typeof words === 'string' ? words : words.other);

const pages = [
  'overview',
  'people',
  'invitations',
  'online',
  'statistics',
  'log',
  'audit',
  'settings',
  'backups',
  'about',
] as const;

/** Everything that the page complains about: a policy that was broken shows up here. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(error.message));
  return found;
}

test('the first run leads from the owner’s account to the address for everybody', async ({
  start,
  home,
  browser,
}) => {
  const app = await start({ isPortInFile: true });
  await app.waitForTooltip(running);
  const page = await app.page();
  const found = complaints(page);
  const next = page.getByRole('button', { name: adminKo['wizard.next'], exact: true });
  const title = (name: string) => page.getByRole('heading', { name, level: 1 });

  await expect(title(adminKo['wizard.ownerTitle'])).toBeVisible();
  await page.getByRole('button', { name: adminKo['wizard.ownerOpen'] }).click();
  await expect.poll(async () => (await app.probe()).openedAddresses).toHaveLength(1);
  const [address = ''] = (await app.probe()).openedAddresses;
  const messenger = await browser.newPage({ locale: 'ko-KR' });
  await messenger.goto(address);
  // on the machine itself no set-up code is asked for
  await personAt(messenger, alice, 'ko').signUp();
  await expect(page.locator('.wizard').getByText(adminKo['wizard.ownerDone'])).toBeVisible();
  await next.click();

  await expect(title(adminKo['wizard.signUpTitle'])).toBeVisible();
  await next.click();

  await expect(title(adminKo['wizard.portTitle'])).toBeVisible();
  const port = await freePort();
  const field = page.getByLabel(adminKo['setting.port']);
  await expect(field).toHaveValue(String(home.port));
  await field.fill(String(port));
  await next.click();

  await expect(title(adminKo['wizard.hostTitle'])).toBeVisible();
  await page.getByLabel(adminKo['desktop.startAtLogin']).click();
  await expect.poll(async () => (await app.menuItem('startAtLogin'))?.checked).toBe(true);
  await next.click();

  await expect(title(adminKo['wizard.doneTitle'])).toBeVisible();
  await expect(page.locator('.place__url')).toContainText(`:${port}`);
  await page.getByRole('button', { name: adminKo['wizard.finish'] }).click();
  await expect(page.getByRole('navigation', { name: adminKo['admin.navigation'] })).toBeVisible();
  expect(found).toEqual([]);
  expect(readObject(path.join(home.dataDir, 'config.json'))).toMatchObject({ port });
  const isSetUpDone = async () => (await page.evaluate(() => window.desktop.host.settings())).isSetUpDone;
  await expect.poll(isSetUpDone).toBe(true);
  expect(readObject(path.join(home.userDataDir, 'settings.json'))).toMatchObject({ isSetUpDone: true });
  await app.quit();

  const again = await start();
  await again.waitForTooltip(running);
  const later = await again.page();
  await expect(later.getByRole('navigation', { name: adminKo['admin.navigation'] })).toBeVisible();
});

test('a taken port is explained, and one button moves the server', async ({ start, home }) => {
  const blocker = createServer().listen(home.port);
  await once(blocker, 'listening');
  const app = await start({ locale: 'en-US', isPortInFile: true });
  await app.waitForTooltip(problem);
  const page = await app.page();
  await expect(page.getByRole('alert')).toContainText(`Port ${home.port} is already in use`);
  await page.getByRole('button', { name: /^Use port \d+$/ }).click();
  await app.waitForTooltip(running);
  await expect(
    page.getByRole('heading', { name: text(adminEn['wizard.ownerTitle']), level: 1 }),
  ).toBeVisible();
  blocker.close();
});

test('every page of the window opens, in both languages, and breaks none of its rules', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('statistics');
  const page = await app.page();
  const found = complaints(page);
  await page.evaluate(() => window.desktop.host.changeSettings({ isSetUpDone: true }));
  await page.reload();
  for (const [language, words] of [
    ['ko', adminKo],
    ['en', adminEn],
  ] as const) {
    await page.evaluate((wanted) => window.desktop.host.changeSettings({ language: wanted }), language);
    const links = page.getByRole('navigation', { name: text(words['admin.navigation']) }).getByRole('link');
    const names = pages.map((name) => text(words[`admin.${name}`]));
    await expect(links).toHaveCount(names.length);
    for (const [index, name] of names.entries()) {
      await expect(links.nth(index)).toHaveAccessibleName(name);
      await links.nth(index).click();
      await expect(page).toHaveTitle(new RegExp(`^${name} `));
      await expect(page.locator('#admin-main').getByRole('heading').first()).toBeVisible();
    }
  }
  await app.waitForTooltip(/Maru — running/);
  await app.choose('statistics');
  await expect(page.locator('#admin-main canvas').first()).toBeVisible();
  expect(found).toEqual([]);
});

test('stopping from the window asks first, and the window can start it again', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('settings');
  const page = await app.page();
  await page.evaluate(() => window.desktop.host.changeSettings({ isSetUpDone: true }));
  await page.reload();
  const stop = page.getByRole('button', { name: adminKo['desktop.stop'], exact: true });
  await stop.click();
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await dialog.getByRole('button', { name: adminKo['desktop.stop'], exact: true }).click();
  await expect(page.getByRole('heading', { name: adminKo['desktop.stopped'] })).toBeVisible();
  expect(existsSync(path.join(app.dataDir, 'maru.pid'))).toBe(false);
  await page.getByRole('button', { name: adminKo['desktop.start'], exact: true }).click();
  await app.waitForTooltip(running);
  await expect(page.getByRole('navigation', { name: adminKo['admin.navigation'] })).toBeVisible();
});
