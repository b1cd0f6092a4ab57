/** Signing up: the name first, then the keys and their sheet, and only then the account. */
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { alice, bob, expect, sheetGroups, test, typeSheetBack } from './office.ts';

/** What leaves the page for the account. */
function watch(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === 'POST' && pathname.startsWith('/api/register')) sent.push(pathname);
  });
  return sent;
}

/** Counts how often the page asks its worker to make the keys of an account. */
const countKeys = `(() => {
  window.keysMade = 0;
  window.Worker = class extends Worker {
    postMessage(message, ...rest) {
      if (message && message.method === 'prepareRegistration') window.keysMade += 1;
      super.postMessage(message, ...rest);
    }
  };
})();`;

const keysMade = (page: Page): Promise<number> => page.evaluate('window.keysMade');

const prepare = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript({ content: countKeys });
};

test('the account is asked for only after the sheet was typed back, and a taken name before any key', async ({
  maru,
  open,
}) => {
  // this page is open before there is an account, and is looked at again when there is one
  const early = await open(bob);
  const setUpCode = early.page.getByLabel(early.t('signUp.code'));
  await expect(setUpCode).toBeVisible();
  const anna = await open(alice, { prepare });
  const annas = watch(anna.page);
  await anna.reachSheet(maru.setUpCode);
  // the form may have asked for the name before, as well
  expect(new Set(annas)).toEqual(new Set(['/api/register/check']));
  expect(await keysMade(anna.page)).toBe(1);
  await anna.page.getByRole('button', { name: anna.t('sheet.next'), exact: true }).click();
  await expect(anna.page.getByRole('heading', { name: anna.t('sheet.checkTitle') })).toBeVisible();
  expect(annas).not.toContain('/api/register');
  await anna.page.getByRole('button', { name: anna.t('sheet.backToSheet'), exact: true }).click();
  await typeSheetBack(anna);
  await expect(anna.page.getByRole('navigation', { name: anna.t('shell.rooms') })).toBeVisible();
  expect(annas.filter((sent) => sent === '/api/register')).toHaveLength(1);
  expect(annas.at(-1)).toBe('/api/register');
  await early.page.evaluate(`dispatchEvent(new Event('focus'))`);
  await expect(early.page.getByRole('button', { name: early.t('signIn.submit'), exact: true })).toBeVisible();
  await expect(setUpCode).toBeHidden();

  const ben = await open({ ...bob, username: alice.username }, { prepare });
  const bens = watch(ben.page);
  await ben.fillSignUp();
  await expect(ben.page.getByText(ben.t('failure.NAME_TAKEN')).first()).toBeVisible();
  expect(new Set(bens)).toEqual(new Set(['/api/register/check']));
  expect(await keysMade(ben.page)).toBe(0);
});

test('the sheet can be printed and saved: all nine groups, the name and the server', async ({
  maru,
  open,
}) => {
  const anna = await open(alice, {
    prepare: (context) =>
      context
        .addInitScript({ content: 'window.print = () => { window.printed = (window.printed ?? 0) + 1; };' })
        .then(() => undefined),
  });
  await anna.reachSheet(maru.setUpCode);
  const { page, t } = anna;
  const groups = await sheetGroups(anna);
  await page.getByRole('button', { name: t('sheet.print'), exact: true }).click();
  expect(await page.evaluate('window.printed')).toBe(1);
  await page.emulateMedia({ media: 'print' });
  const printed = page.locator('.sheet-print');
  await expect(printed).toBeVisible();
  await expect(page.getByRole('heading', { name: t('sheet.title') })).toBeHidden();
  for (const part of [...groups, alice.username, new URL(maru.lanUrl).host])
    await expect(printed).toContainText(part);
  await page.emulateMedia({ media: 'screen' });
  await expect(printed).toBeHidden();
  await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
  await expect(printed).toHaveCount(0);

  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: t('sheet.download'), exact: true }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe(t('sheet.fileName', { name: alice.username }));
  const text = await readFile(await download.path(), 'utf8');
  for (const part of [...groups, alice.username, new URL(maru.lanUrl).host]) expect(text).toContain(part);
});
