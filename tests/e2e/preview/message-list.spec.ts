import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';
import type { handles } from './list-page.ts';

type Handles = typeof handles;

/** The page's own script put them there. */
const act = <Name extends keyof Handles>(page: Page, name: Name, ...values: Parameters<Handles[Name]>) =>
  page.evaluate(
    ([method, list]) => {
      const { handles: all } = window as unknown as {
        handles: Record<string, (...input: unknown[]) => void>;
      }; // set by list-page.ts
      all[method]?.(...list);
    },
    [name, values] as const,
  );

const distanceFromEnd = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const list = document.querySelector('.virtual');
    return list === null ? -1 : Math.round(list.scrollHeight - list.clientHeight - list.scrollTop);
  });

type Place = { key: string; top: number };

/** The first row that is wholly in view, and where it is. */
const firstRow = (page: Page): Promise<Place> =>
  page.evaluate(() => {
    const top = document.querySelector('.virtual')?.getBoundingClientRect().top ?? 0;
    const rows = [...document.querySelectorAll('.row')];
    const row = rows.find((element) => element.getBoundingClientRect().top >= top);
    return { key: row?.textContent ?? '', top: Math.round((row?.getBoundingClientRect().top ?? 0) - top) };
  });

/** A jump lands on rows that were never measured: it has settled when the picture no longer changes. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const look = (): string => {
      const pane = document.querySelector('.virtual__pane');
      return `${document.querySelector('.virtual')?.scrollTop} ${pane?.textContent} ${pane?.getBoundingClientRect().top}`;
    };
    let before = '';
    for (let same = 0; same < 8;) {
      await new Promise(requestAnimationFrame);
      const now = look();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });

test.beforeEach(async ({ page }) => {
  const bundle = await build({
    entryPoints: [path.join(import.meta.dirname, 'list-page.ts')],
    bundle: true,
    format: 'iife',
    write: false,
  });
  await page.setContent('<!doctype html><body></body>');
  await page.addStyleTag({
    content: readFileSync(
      path.resolve(import.meta.dirname, '../../../static/features/messages/messages.css'),
      'utf8',
    ),
  });
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
});

test('at the end the list follows what is appended, what grows, and a pane that shrinks', async ({
  page,
}) => {
  await act(page, 'append', 3);
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
  await expect(page.getByText('1202', { exact: true })).toBeVisible();
  await act(page, 'grow', '1202', 120);
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
  await act(page, 'shrinkPane', 320);
  await expect.poll(() => distanceFromEnd(page)).toBe(0);
});

test('what is being read stays where it is when rows arrive above or below or change their height', async ({
  page,
}) => {
  await page.evaluate(() => document.querySelector('.virtual')?.scrollTo(0, 3_000));
  await settled(page);
  const before = await firstRow(page);
  for (const change of [
    () => act(page, 'prepend', 50),
    () => act(page, 'append', 5),
    () => act(page, 'prepend', 120),
    () => act(page, 'grow', String(Number(before.key) - 2), 100),
  ]) {
    await change();
    await expect.poll(() => firstRow(page)).toEqual(before);
  }
});

test('only the rows around the view are in the page', async ({ page }) => {
  await act(page, 'prepend', 900);
  expect(await page.locator('.row').count()).toBeLessThan(60);
});
