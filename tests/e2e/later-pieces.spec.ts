/** What the first screens do without: it comes by itself, works without the server then, and says so where it cannot come. */
import type { Request } from '@playwright/test';
import { alice, bob, expect, test } from './office.ts';

test('dialogs and details that came by themselves open without the server, styled', async ({
  maru,
  open,
}) => {
  const ben = await open(bob);
  await ben.signUp({ setUpCode: maru.setUpCode });
  const anna = await open(alice);
  const { page, t } = anna;
  const pieces = Promise.all(
    [/\/details-parts-[^/]+\.js$/, /\/messenger-dialogs-[^/]+\.js$/].map((name) =>
      page.waitForRequest((request) => name.test(request.url())),
    ),
  );
  const underWay = new Set<Request>();
  page.on('request', (request) => underWay.add(request));
  page.on('requestfinished', (request) => underWay.delete(request));
  page.on('requestfailed', (request) => underWay.delete(request));
  await anna.signUp();
  // each with all that it imports itself, and the words, icons and styles that were asked for with them
  for (const piece of await pieces) await page.evaluate(`import('${piece.url()}').then(() => true)`);
  await expect.poll(() => underWay.size).toBe(0);
  await maru.kill();
  await page.getByRole('button', { name: t('profile.open') }).click();
  const dialog = page.getByRole('dialog', { name: t('profile.title') });
  await expect(dialog).toBeVisible();
  await expect(page.locator('.overlay')).toHaveCSS('position', 'fixed');
  await expect(dialog.getByLabel(t('profile.status'))).toBeVisible();
});

test('a dialog whose piece cannot come is refused in words, and opens when the server is back', async ({
  maru,
  open,
}) => {
  const anna = await open(alice);
  const { page, t } = anna;
  const forgot = page.getByRole('button', { name: t('signIn.forgot'), exact: true });
  const first = await open(bob);
  await first.signUp({ setUpCode: maru.setUpCode });
  await page.reload();
  await expect(forgot).toBeVisible();
  await page.route(/\/styles-later-[^/]+\.css$/, (route) => route.abort('connectionrefused'));
  await forgot.click();
  await expect(page.locator('.toast__text')).toHaveText(t('failure.OFFLINE'));
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.unroute(/\/styles-later-[^/]+\.css$/);
  await forgot.click();
  await expect(page.getByRole('dialog', { name: t('reentry.title') })).toBeVisible();
});
