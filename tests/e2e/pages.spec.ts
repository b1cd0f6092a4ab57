/** The pages that the server makes itself. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './office.ts';

/** Complaints of the browser, and requests that leave the server. */
function watch(page: Page, origin: string): { complaints: string[]; outside: string[] } {
  const complaints: string[] = [];
  const outside: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) outside.push(request.url());
  });
  return { complaints, outside };
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the API's page loads nothing from outside and pleases axe: ${colorScheme}`, async ({
    maru,
    browser,
  }) => {
    const context = await browser.newContext({ locale: 'ko-KR', colorScheme });
    const page = await context.newPage();
    const { complaints, outside } = watch(page, maru.lanUrl);
    await page.goto(`${maru.lanUrl}/api/docs`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('마루 API');
    // one of them opened, so that its inside is seen, too
    const first = page.locator('details').first();
    await first.locator('summary').click();
    await expect(first.locator('pre').first()).toBeVisible();
    // before axe, which the page's policy keeps from adding styles
    expect(complaints).toEqual([]);
    await expectAccessible(page, `API page, ${colorScheme}`);
    expect(outside).toEqual([]);
    await context.close();
  });
}

test('an unknown address is a page that leads back to the messenger', async ({ maru, browser }) => {
  const context = await browser.newContext({ locale: 'ko-KR' });
  const page = await context.newPage();
  const { outside } = watch(page, maru.lanUrl);
  const answer = await page.goto(`${maru.lanUrl}/no/such/page`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: '페이지를 찾을 수 없습니다' })).toBeVisible();
  await expectAccessible(page, 'page not found');
  expect(outside).toEqual([]);
  await page.getByRole('link', { name: '마루 열기' }).click();
  await expect(page).toHaveURL(`${maru.lanUrl}/`);
  await context.close();
});
