/** Every view of the window for somebody who cannot see it, or has no mouse; and what upkeep is done there. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { adminEn } from '../../static/locales/admin-en.ts';
import { adminKo } from '../../static/locales/admin-ko.ts';
import type { Words } from '../../static/locales/wording.ts';
import { alice, personAt } from '../e2e/office.ts';
import { recordToasts } from '../e2e/toasts.ts';
import { expect, problem, running, stopped, test } from './desktop.ts';
import type { Desktop } from './desktop.ts';

type Key = keyof typeof adminKo;
type Language = 'ko' | 'en';

const tables: Record<Language, Record<Key, Words>> = { ko: adminKo, en: adminEn };
const sayIn =
  (language: Language) =>
  (key: Key): string => {
    const words = tables[language][key];
    return typeof words === 'string' ? words : words.other;
  };
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
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** As in the browser's specs; in its older mode axe needs no page of its own, which Electron would refuse. */
async function expectAccessible(page: Page, view: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found, `axe on ${view}`).toEqual([]);
}

/** The window without motion, so that colours are measured as they stay, in the wanted theme. */
async function openWindow(app: Desktop, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await app.page();
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  return page;
}

async function skipWizard(page: Page): Promise<void> {
  await page.evaluate(() => window.desktop.host.changeSettings({ isSetUpDone: true }));
  await page.reload();
}

for (const [language, theme] of [
  ['ko', 'light'],
  ['en', 'dark'],
] as const) {
  test(`the wizard is done by keyboard, and axe finds nothing in it: ${language}, ${theme}`, async ({
    start,
    browser,
  }) => {
    const say = sayIn(language);
    const locale = language === 'ko' ? 'ko-KR' : 'en-US';
    const app = await start({ isPortInFile: true, locale });
    await app.waitForTooltip(running);
    const page = await openWindow(app, theme);
    const title = (key: Key) => page.getByRole('heading', { name: say(key), level: 1 });

    await expect(title('wizard.ownerTitle')).toBeFocused();
    await expectAccessible(page, 'wizard: owner');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await app.probe()).openedAddresses).toHaveLength(1);
    const [address = ''] = (await app.probe()).openedAddresses;
    const messenger = await browser.newPage({ locale });
    await messenger.goto(address);
    await personAt(messenger, alice, language).signUp();
    const next = button(page, say('wizard.next'));
    await expect(next).toBeVisible();
    await expectAccessible(page, 'wizard: owner is there');

    await next.press('Enter');
    await expect(title('wizard.signUpTitle')).toBeFocused();
    await expect(page.getByRole('radio', { name: say('overview.signUpOpen') })).toBeChecked();
    await expectAccessible(page, 'wizard: sign-up');
    await next.press('Enter');

    const port = page.getByLabel(say('setting.port'));
    await expect(port).toHaveValue(String(app.port));
    await port.fill('70000');
    await port.press('Enter');
    await expect(page.getByText(say('wizard.portWrong'))).toBeVisible();
    await expect(port).toBeFocused();
    await expectAccessible(page, 'wizard: port');
    await port.fill(String(app.port));
    await port.press('Enter');

    await expect(title('wizard.hostTitle')).toBeFocused();
    await expect(page.getByLabel(say('desktop.keepAwake'))).toBeChecked();
    await expectAccessible(page, 'wizard: computer');
    await next.press('Enter');
    await expect(page.locator('.place__url')).toContainText(`:${app.port}`);
    await expectAccessible(page, 'wizard: address');
    await button(page, say('wizard.finish')).press('Enter');
    await expect(page.getByRole('navigation', { name: say('admin.navigation') })).toBeVisible();
  });

  test(`axe finds nothing in any view: ${language}, ${theme}`, async ({ start }) => {
    const say = sayIn(language);
    const app = await start({ args: ['--hidden'], locale: language === 'ko' ? 'ko-KR' : 'en-US' });
    await app.waitForTooltip(running);
    await app.choose('statistics');
    const page = await openWindow(app, theme);
    await skipWizard(page);
    for (const name of pages) {
      await page.getByRole('link', { name: say(`admin.${name}`), exact: true }).press('Enter');
      await expect(page).toHaveTitle(new RegExp(`^${say(`admin.${name}`)} `));
      await expect(page.getByText(say('admin.loading'))).toHaveCount(0);
      await expect(page.locator('#admin-main').getByRole('heading').first()).toBeVisible();
      await expectAccessible(page, name);
    }
    await button(page, say('desktop.stop')).press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await expectAccessible(page, 'stopping');
    await dialog.getByRole('button', { name: say('desktop.stop'), exact: true }).press('Enter');
    await app.waitForTooltip(stopped);
    await expect(page.getByRole('heading', { name: say('desktop.stopped') })).toBeVisible();
    await expectAccessible(page, 'stopped');
  });
}

test('a problem is told to a screen reader, with its buttons in reach', async ({ start }) => {
  const app = await start({ env: { SESSION_TIMEOUT_HOURS: 'long' } });
  await app.waitForTooltip(problem);
  const page = await openWindow(app, 'light');
  await expect(page.getByRole('alert')).toContainText('SESSION_TIMEOUT_HOURS');
  // the view before is gone, and what had the focus with it
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(button(page, '다시 해 보기').or(button(page, '폴더 열기'))).toBeFocused();
  await expectAccessible(page, 'problem');
});

test('copies are made, deleted after a question, and their folder opens', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('settings');
  const page = await openWindow(app, 'dark');
  await skipWizard(page);
  await expect(page.getByText(app.dataDir, { exact: true })).toBeVisible();
  await page.getByRole('link', { name: adminKo['admin.backups'] }).click();
  const folder = path.join(app.dataDir, 'backups');
  const remove = page.getByRole('button', { name: /\.db 지우기$/ });
  await button(page, adminKo['backups.make']).click();
  await expect(remove).toHaveCount(1);
  expect(readdirSync(folder)).toHaveLength(1);

  await remove.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(adminKo['backups.deleteLast']);
  await expectAccessible(page, 'a question beside a toast');
  await dialog.getByRole('button', { name: adminKo['backups.deleteConfirm'] }).click();
  await expect(page.getByText(adminKo['backups.none'])).toBeVisible();
  expect(readdirSync(folder)).toEqual([]);

  await button(page, adminKo['desktop.openBackups']).click();
  await expect.poll(async () => (await app.probe()).openedFolders).toEqual([folder]);
});

test('the computer is kept awake only while there is something to serve, and only if that is wanted', async ({
  start,
}) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  const isKeptAwake = async () => (await app.probe()).isKeptAwake;
  expect(await isKeptAwake()).toBe(true);
  await app.choose('settings');
  const page = await openWindow(app, 'light');
  await skipWizard(page);
  const wish = page.getByLabel(adminKo['desktop.keepAwake']);
  await wish.uncheck();
  await expect.poll(isKeptAwake).toBe(false);
  await wish.check();
  await expect.poll(isKeptAwake).toBe(true);
  await app.choose('stop');
  await app.waitForTooltip(stopped);
  await expect.poll(isKeptAwake).toBe(false);
});

test('a small window keeps stop, restart and the messenger in reach', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('statistics');
  const page = await openWindow(app, 'light');
  await skipWizard(page);
  await page.setViewportSize({ width: 480, height: 420 });
  for (const name of ['desktop.restart', 'desktop.stop', 'admin.toMessenger'] as const) {
    await expect(button(page, adminKo[name])).toBeInViewport({ ratio: 1 });
  }
  await expectAccessible(page, 'a small window');
});

test('a damaged database: a button brings a backup back, also when the first one chosen is damaged, too', async ({
  start,
  home,
  browser,
}) => {
  const app = await start({ isPortInFile: true });
  await app.waitForTooltip(running);
  const messenger = await browser.newPage({ locale: 'ko-KR' });
  await messenger.goto(`http://localhost:${home.port}`);
  await personAt(messenger, alice, 'ko').signUp();
  await messenger.close();
  const page = await openWindow(app, 'light');
  const made = await page.evaluate(() => window.desktop.call('admin:backup', {}));
  if (!made.ok) throw new Error(made.code);
  const backup = path.join(home.dataDir, 'backups', made.value.backup.name);
  await app.choose('stop');
  await app.waitForTooltip(stopped);
  const torn = path.join(home.dataDir, 'backups', 'torn.db');
  writeFileSync(torn, 'not a database');
  writeFileSync(path.join(home.dataDir, 'maru.db'), 'x'.repeat(9_000));
  await app.choose('start');
  await app.waitForTooltip(problem);

  const restore = button(page, '백업 되살리기…');
  /** Until what it began has come to its end. */
  const pressRestore = async (): Promise<void> => {
    await restore.click();
    await expect(restore).not.toHaveAttribute('aria-busy');
  };
  // cancelled at the file, then at the question
  await pressRestore();
  expect((await app.probe()).asked).toHaveLength(0);
  await app.answer({ folder: torn, button: 0 });
  await pressRestore();
  expect((await app.probe()).asked).toHaveLength(1);
  await app.answer({ button: 1 });
  const toasts = await recordToasts(page);
  await pressRestore();
  await expect.poll(toasts).toContainEqual(expect.stringContaining('BACKUP_DAMAGED'));
  await expect(page.getByText('DATABASE_CORRUPT')).toBeVisible();

  await app.answer({ folder: backup });
  await restore.click();
  await app.waitForTooltip(running);
  const overview = await page.evaluate(() => window.desktop.call('admin:overview', {}));
  expect(overview.ok && overview.value.accounts).toBe(1);
  expect(readdirSync(home.dataDir).some((name) => name.startsWith('maru.db.before-restore-'))).toBe(true);
});
