/** What keeps an office running, at `/admin`: copies that come and go, a server that goes away, numbers that keep coming. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expectAccessible } from './accessibility.ts';
import { alice, expect, test } from './office.ts';
import { keepToasts } from './toasts.ts';

const open = async (page: Page, name: string): Promise<void> => {
  await page.goto(`${new URL(page.url()).origin}/admin#/${name}`);
  await expect(page.getByRole('main')).toBeVisible();
};
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a copy is deleted after a question, by keyboard; the last one says that nothing is left', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice, { prepare: keepToasts });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await open(page, 'backups');
  const remove = page.getByRole('button', { name: /\.db 지우기$/ });
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: adminKo['backups.deleteConfirm'] });
  await press(page, adminKo['backups.make']);
  await expect(remove).toHaveCount(1);
  await press(page, adminKo['backups.make']);
  await expect(remove).toHaveCount(2);

  // the toast of the copy that was made stands beside the question
  await remove.first().focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText(/가장 새 백업입니다/);
  await expect(page.locator('.toast')).toBeVisible();
  await expectAccessible(page, 'a question beside a toast');
  // a stray Enter is on the harmless button
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(remove).toHaveCount(2);
  await expect(remove.first()).toBeFocused();

  await remove.last().click();
  await expect(dialog).not.toContainText(/가장 새 백업입니다/);
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(remove).toHaveCount(1);
  // the focus stays in the table, whose row is gone
  await expect(page.getByRole('button', { name: /되살리기$/ })).toBeFocused();

  await remove.click();
  await expect(dialog).toContainText(adminKo['backups.deleteLast']);
  await confirm.click();
  await expect(page.getByText(adminKo['backups.none'])).toBeVisible();
  await expect(page.getByRole('button', { name: adminKo['backups.make'], exact: true })).toBeFocused();
});

test('a copy that became the newest one meanwhile is deleted by a second press only', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await open(page, 'backups');
  const remove = page.getByRole('button', { name: /\.db 지우기$/ });
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: adminKo['backups.deleteConfirm'] });
  for (const count of [1, 2]) {
    await press(page, adminKo['backups.make']);
    await expect(remove).toHaveCount(count);
  }
  // somebody else opens the question for the newest first, and answers while the other one waits
  const other = await page.context().newPage();
  await other.goto(page.url());
  const otherRemove = other.getByRole('button', { name: /\.db 지우기$/ });
  await expect(otherRemove).toHaveCount(2);
  await remove.last().click();
  await otherRemove.first().click();
  await other.getByRole('dialog').getByRole('button', { name: adminKo['backups.deleteConfirm'] }).click();
  await expect(otherRemove).toHaveCount(1);

  await confirm.click();
  await expect(dialog.getByRole('alert')).toContainText(anna.t('failure.BACKUP_IS_NEWEST'));
  await expect(otherRemove).toHaveCount(1);
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(adminKo['backups.none'])).toBeVisible();
});

test('an admin reads who restores, and everybody reads what is wrong with folder and settings', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await open(page, 'backups');
  await press(page, adminKo['backups.make']);
  const restore = page.getByRole('button', { name: /\.db 되살리기$/ });
  const reason = page.getByText(adminKo['backups.ownerOnly']);
  await expect(restore).toBeVisible();
  await expect(reason).toBeHidden();

  // no page makes an owner an admin; the server reads the role at each request
  const database = new DatabaseSync(path.join(maru.dataDir, 'maru.db'), { timeout: 10_000 });
  database.exec("update users set role = 'admin'");
  database.close();
  await page.reload();
  await expect(reason).toBeVisible();
  await expect(page.getByRole('button', { name: /\.db 지우기$/ })).toBeVisible();
  await expect(restore).toHaveCount(0);
  await expectAccessible(page, 'copies, for an admin');

  const folder = path.join(maru.dataDir, 'backups');
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'a file');
  await page.reload();
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText(anna.t('failure.BACKUP_FOLDER_UNUSABLE'));
  await expectAccessible(page, 'a folder that cannot be used');
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  await page.reload();
  await expect(reason).toBeVisible();

  writeFileSync(path.join(maru.dataDir, 'config.json'), '{ "port": ');
  await open(page, 'overview');
  await expect(alert).toContainText(adminKo['admin.problemSettings']);
});

test('a server that went away is told above every page, until it answers again', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await open(page, 'overview');
  const line = page.getByRole('main').getByText(adminKo['admin.noServer']);
  await expect(page.getByText(`http://localhost:${maru.port}`)).toBeVisible();
  await expect(line).toBeHidden();
  await maru.kill();
  await expect(line).toBeVisible();
  await page.getByRole('link', { name: adminKo['admin.about'] }).click();
  await expect(line).toBeVisible();
  await expectAccessible(page, 'no server');
  await maru.start();
  await expect(line).toBeHidden();
});

test('samples are asked for by what is on screen: also after the next page, not while hidden', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice);
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  const watches: boolean[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const isOn = /"admin:watch",\{"on":(true|false)/.exec(payload.toString())?.[1];
      if (isOn !== undefined) watches.push(isOn === 'true');
    }),
  );
  await open(page, 'overview');
  await expect.poll(() => watches.at(-1)).toBe(true);
  await page.getByRole('link', { name: adminKo['admin.statistics'] }).click();
  await expect(page.locator('.metric canvas').first()).toBeVisible();
  await page.getByRole('link', { name: adminKo['admin.overview'] }).click();
  await expect(page.getByText(`http://localhost:${maru.port}`)).toBeVisible();
  expect(watches).not.toContain(false);

  const setVisible = (state: 'hidden' | 'visible') =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await setVisible('hidden');
  await expect.poll(() => watches.at(-1)).toBe(false);
  await setVisible('visible');
  await expect.poll(() => watches.at(-1)).toBe(true);
  await page.getByRole('link', { name: adminKo['admin.about'] }).click();
  await expect.poll(() => watches.at(-1)).toBe(false);
});

test('the settings say who may sign up and where everything lies; a phone has the way to the messenger', async ({
  maru,
  open: openBrowser,
}) => {
  const anna = await openBrowser(alice, { context: { viewport: { width: 390, height: 800 } } });
  await anna.signUp({ setUpCode: maru.setUpCode });
  const { page } = anna;
  await open(page, 'settings');
  await expect(page.getByText(maru.dataDir, { exact: true })).toBeVisible();
  await page.getByRole('radio', { name: adminKo['overview.signUpClosed'] }).click();
  await expect(page.getByText(adminKo['overview.signUpClosedText'])).toBeVisible();
  const info = await page.request.get(`http://localhost:${maru.port}/api/server`);
  expect(Object(await info.json()).signUp).toBe('closed');

  await open(page, 'backups');
  await press(page, adminKo['backups.make']);
  const remove = page.getByRole('button', { name: /\.db 지우기$/ });
  await expect(remove).toBeInViewport({ ratio: 1 });
  await press(page, adminKo['admin.toMessenger']);
  await expect(page.getByRole('navigation', { name: anna.t('shell.rooms') })).toBeVisible();
});
