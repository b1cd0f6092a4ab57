/** The client's cryptography in Chromium, in the built worker, on an office address: no WebCrypto there. */
import type { EpochTimes, OpeningTimes } from '../product/page-answers.ts';
import { installDriver, officeHost, startBrowser } from '../product/browser.ts';
import { startProduct } from '../product/product-server.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const memberCount = 1_000;
const epochBudgetMs = 2_500;
const pageSize = 50;
const openBudgetMs = 30;

/** Runs one function of the driver in a fresh page of a running product. */
async function inPage<Answer>(call: string): Promise<Answer> {
  const product = await startProduct({ rooms: 1, peoplePerRoom: 2, roomsPerPerson: 1, messagesPerRoom: 1 });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://${officeHost}:${product.port}/`);
    await installDriver(page);
    return await page.evaluate<Answer>(`maruBench.${call}`);
  } finally {
    await browser.close();
    await product.server.stop();
  }
}

async function measureEpoch(): Promise<Measurement> {
  const { firstMs, nextMs, longTasksMs } = await inPage<EpochTimes>(`measureEpochs(${memberCount}, 5)`);
  return {
    what: `a new epoch for a room of ${memberCount.toLocaleString('en')} members, in the client's worker`,
    budget: `≤ ${epochBudgetMs / 1000} s, page never blocked`,
    measured: `${(median(nextMs) / 1000).toFixed(2)} s, ${longTasksMs.length} long tasks`,
    reference: '-',
    verdict: verdictOf(median(nextMs) <= epochBudgetMs, longTasksMs.length === 0),
    notes: [
      `${nextMs.length} epochs, ${spread(nextMs, 0)} ms; the room's first epoch, which also checks every statement: ${(firstMs / 1000).toFixed(2)} s.`,
    ],
  };
}

async function measureOpening(): Promise<Measurement> {
  const { openMs, verifyMs, hasWebCrypto } = await inPage<OpeningTimes>(`measureOpening(${pageSize}, 15)`);
  return {
    what: `open ${pageSize} sealed messages`,
    budget: `≤ ${openBudgetMs} ms without WebCrypto`,
    measured: `${median(openMs).toFixed(1)} ms`,
    reference: '-',
    verdict: verdictOf(median(openMs) <= openBudgetMs, !hasWebCrypto),
    notes: [
      `${openMs.length} pages of fresh messages, ${spread(openMs)} ms, worker messages included; their signatures, checked after painting: ${median(verifyMs).toFixed(0)} ms.`,
    ],
  };
}

export const epoch: Row = { name: 'epoch', measure: async () => [await measureEpoch()] };
export const openMessages: Row = { name: 'open-messages', measure: async () => [await measureOpening()] };
