/** Signing in to many rooms with long chains of records, in a browser that has never been here. */
import type { Browser } from '@playwright/test';
import { installDriver, officeHost, startBrowser } from '../product/browser.ts';
import { lastWords, makeManyRooms } from '../product/many-rooms.ts';
import type { FirstList, LongRoom } from '../product/page-answers.ts';
import { startEmptyProduct } from '../product/product-server.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const roomCount = 200;
const epochCount = 10;
const signInCount = 5;
const listBudgetMs = 1_000;

type Account = Pick<LongRoom, 'username' | 'password'>;

/** In a new context: nothing is stored, neither keys nor scripts. */
async function signIn(browser: Browser, port: number, { username, password }: Account): Promise<FirstList> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1360, height: 820 } });
  try {
    const page = await context.newPage();
    await page.goto(`http://${officeHost}:${port}/`);
    await page.locator('input[name=username]').fill(username);
    await page.locator('input[name=password]').fill(password);
    await installDriver(page);
    return await page.evaluate<FirstList>(`maruBench.measureFirstList(${roomCount}, '${lastWords}')`);
  } finally {
    await context.close();
  }
}

async function measureSignIns(): Promise<FirstList[]> {
  const { port, server } = await startEmptyProduct();
  const browser = await startBrowser();
  try {
    // on 127.0.0.1 the first account needs no set-up code
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await installDriver(page);
    const { ownerUid, ...account } = await page.evaluate<LongRoom>(`maruBench.enrolPair('첫 방')`);
    await page.close();
    await makeManyRooms({ port, memberUid: ownerUid, rooms: roomCount, epochs: epochCount });
    const lists: FirstList[] = [];
    for (let round = 0; round < signInCount; round += 1) lists.push(await signIn(browser, port, account));
    return lists;
  } finally {
    await browser.close();
    await server.stop();
  }
}

function measurementOf(lists: FirstList[]): Measurement {
  const listMs = lists.map((list) => list.listMs);
  const previewsMs = lists.map((list) => list.previewsMs);
  const before = Math.max(...lists.map(({ recordRequests }) => recordRequests.list));
  const after = Math.max(...lists.map(({ recordRequests }) => recordRequests.previews));
  const longTasks = lists.flatMap(({ longTasksMs }) => longTasksMs);
  const longest = longTasks.length === 0 ? '' : `, the longest ${Math.max(...longTasks).toFixed(0)} ms`;
  return {
    what: `sign-in with ${roomCount} rooms of ${epochCount} epochs: all rooms listed`,
    budget: `≤ ${listBudgetMs / 1_000} s after the password is proven`,
    measured: `${(median(listMs) / 1_000).toFixed(2)} s`,
    reference: '-',
    verdict: verdictOf(median(listMs) <= listBudgetMs),
    notes: [
      `${lists.length} browsers that were never here, ${spread(listMs, 0)} ms from the answer of the sign-in to the painted list; records of ${before} rooms at most had been asked for by then.`,
      `the last message of every room opened and shown: ${(median(previewsMs) / 1_000).toFixed(1)} s (${spread(previewsMs, 0)} ms), ${after} requests for records; ${longTasks.length} long tasks of the page in all${longest}.`,
    ],
  };
}

export const manyRooms: Row = {
  name: 'many-rooms',
  measure: async () => [measurementOf(await measureSignIns())],
};
