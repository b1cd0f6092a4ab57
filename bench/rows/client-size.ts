/** What a browser loads until the sign-in form and until the chat, and when it paints first. */
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { installDriver, startBrowser } from '../product/browser.ts';
import type { LongRoom } from '../product/page-answers.ts';
import { startEmptyProduct } from '../product/product-server.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const formBudgetKb = 60;
const chatBudgetKb = 160;
const paintBudgetMs = 500;
const loadCount = 9;

type Load = { kb: number; files: string[] };

/** Counts scripts (workers included) and style sheets, each once, by the size of their gzip form. */
function watchLoad(page: Page): { soFar: () => Promise<Load> } {
  const bodies = new Map<string, Promise<Buffer>>();
  page.context().on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!/\.(js|css)$/.test(pathname) || bodies.has(pathname)) return;
    const body = response.body();
    // What is still on its way when the browser closes is not counted any more.
    body.catch(() => undefined);
    bodies.set(pathname, body);
  });
  return {
    soFar: async () => {
      const files = await Promise.all(
        [...bodies].map(async ([name, body]) => ({
          name,
          kb: gzipSync(await body, { level: 9 }).length / 1000,
        })),
      );
      return {
        kb: files.reduce((sum, { kb }) => sum + kb, 0),
        files: files.map(({ name, kb }) => `${name.replace(/^\/assets\//, '')} ${kb.toFixed(1)}`),
      };
    },
  };
}

async function measureLoads(
  browser: Browser,
  url: string,
  room: LongRoom,
): Promise<{ form: Load; chat: Load }> {
  const context = await browser.newContext({ locale: 'ko-KR' });
  const page = await context.newPage();
  const load = watchLoad(page);
  await page.goto(url);
  await page.locator('input[name=password]').waitFor();
  const form = await load.soFar();
  await page.locator('input[name=username]').fill(room.username);
  await page.locator('input[name=password]').fill(room.password);
  await page.locator('form button[type=submit]').click();
  await page.locator('.room-list__item .room').first().click();
  await page.locator('.composer__box').waitFor();
  const chat = await load.soFar();
  await context.close();
  return { form, chat };
}

/** First paint of a browser that has nothing in its cache. */
async function measurePaint(browser: Browser, url: string): Promise<{ paintMs: number; formMs: number }> {
  const context = await browser.newContext({ locale: 'ko-KR' });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('input[name=password]').waitFor();
  const formMs = await page.evaluate<number>('performance.now()');
  const paintMs = await page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN`,
  );
  await context.close();
  return { paintMs, formMs };
}

const size = (what: string, budgetKb: number, load: Load): Measurement => ({
  what,
  budget: `≤ ${budgetKb} KB JS + CSS, gzip`,
  measured: `${load.kb.toFixed(1)} KB`,
  reference: '-',
  verdict: verdictOf(load.kb <= budgetKb, load.files.length > 0),
  notes: [load.files.join(', ')],
});

export const clientSize: Row = {
  name: 'client-size',
  measure: async () => {
    const product = await startEmptyProduct();
    const url = `http://127.0.0.1:${product.port}/`;
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await installDriver(page);
      const room = await page.evaluate<LongRoom>(`maruBench.enrolPair('첫 방')`);
      await page.close();
      const { form, chat } = await measureLoads(browser, url, room);
      const paints = [];
      for (let round = 0; round < loadCount; round += 1) paints.push(await measurePaint(browser, url));
      const paintMs = paints.map((paint) => paint.paintMs);
      const formMs = paints.map((paint) => paint.formMs);
      return [
        size('client bytes to the sign-in form', formBudgetKb, form),
        size('client bytes to the chat', chatBudgetKb, chat),
        {
          what: 'first paint on localhost, empty cache',
          budget: `≤ ${paintBudgetMs / 1000} s`,
          measured: `${(median(paintMs) / 1000).toFixed(2)} s`,
          reference: '-',
          verdict: verdictOf(median(paintMs) <= paintBudgetMs),
          notes: [
            `first contentful paint, ${loadCount} loads, ${spread(paintMs, 0)} ms; the form is there after ${median(formMs).toFixed(0)} ms.`,
          ],
        },
      ];
    } finally {
      await browser.close();
      await product.server.stop();
    }
  },
};
