/** What axe finds on a page, as a failure of the test. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // colours are measured at rest: when one movement ends, the next may have begun
  await page.evaluate(async () => {
    for (let still = 0; still < 2;) {
      const moving = document.getAnimations();
      await Promise.all(moving.map(({ finished }) => finished.catch(() => null)));
      await new Promise(requestAnimationFrame);
      still = moving.length === 0 ? still + 1 : 0;
    }
  });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found, `axe on ${screen}`).toEqual([]);
}
