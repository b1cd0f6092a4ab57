/** A room with 100,000 messages in the real client, in Chromium, on an office address: opening it and scrolling up in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { installDriver, officeHost, startBrowser } from '../product/browser.ts';
import type { LongRoom } from '../product/page-answers.ts';
import { spawnServer, startEmptyProduct, untilListening } from '../product/product-server.ts';
import { lengthenRoom } from '../product/seed.ts';
import { traceTasks } from '../product/task-times.ts';
import type { TaskTime } from '../product/task-times.ts';
import { median, spread } from '../statistics.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const messageCount = 100_000;
/** The newest ones are sealed by the real client, as many as the scrolling passes; the rest nobody looks at. */
const realCount = 3_000;
const openCount = 7;
const paintBudgetMs = 150;
const longTaskMs = 50;
const wheelSteps = 150;
const wheelPx = 800;

/** Makes the accounts and the room in a page on 127.0.0.1, where the first account needs no set-up code. */
async function prepareRoom(browser: Browser) {
  const first = await startEmptyProduct();
  const { folder, port } = first;
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await installDriver(page);
  const room = await page.evaluate<LongRoom>(`maruBench.enrolPair('긴 방')`);
  await first.server.stop();
  await lengthenRoom(folder, room.roomUid, room.otherUid, messageCount - realCount);
  const server = spawnServer({ folder, port });
  await untilListening(server, port);
  await page.evaluate(`maruBench.postMessages(${realCount})`);
  await page.close();
  return { room, server, port };
}

async function signIn(browser: Browser, port: number, room: LongRoom): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1360, height: 820 } });
  const page = await context.newPage();
  await page.goto(`http://${officeHost}:${port}/`);
  await page.locator('input[name=username]').fill(room.username);
  await page.locator('input[name=password]').fill(room.password);
  await page.locator('form button[type=submit]').click();
  await page.locator('.room-list__item .room').first().waitFor();
  return page;
}

/** Opens the room once after each reload, when the list is there and the client has come to rest. */
async function measureOpenings(page: Page): Promise<number[]> {
  const openMs: number[] = [];
  for (let round = 0; round <= openCount; round += 1) {
    await page.goto(new URL('/', page.url()).href);
    await page.locator('.room-list__item .room').first().waitFor();
    await sleep(1_000);
    await installDriver(page);
    const ms = await page.evaluate<number>('maruBench.openFirstRoom()');
    // the first round fills the browser's caches
    if (round > 0) openMs.push(ms);
  }
  return openMs;
}

type Scrolling = { tasks: TaskTime[]; passed: number };

async function measureScrolling(browser: Browser, page: Page): Promise<Scrolling> {
  await page.locator('.chat__log').hover();
  const tasks = await traceTasks(browser, page, async () => {
    for (let step = 0; step < wheelSteps; step += 1) {
      await page.mouse.wheel(0, -wheelPx);
      await sleep(50);
    }
  });
  const reached = await page.evaluate<number>('maruBench.smallestRowNumber()');
  return { tasks, passed: realCount - reached };
}

function measurementsOf(openMs: number[], { tasks, passed }: Scrolling): Measurement[] {
  const [cpuMs, clockMs] = [tasks.map((task) => task.cpuMs), tasks.map((task) => task.clockMs)];
  const isLong = (ms: number): boolean => ms > longTaskMs;
  const room = `room with ${messageCount.toLocaleString('en')} messages`;
  return [
    {
      what: `open a ${room}`,
      budget: `painted within ${paintBudgetMs} ms`,
      measured: `${median(openMs).toFixed(0)} ms`,
      reference: '-',
      verdict: verdictOf(median(openMs) <= paintBudgetMs),
      notes: [
        `from the click to the painted, opened rows, after a reload each time; ${openMs.length} times, ${spread(openMs, 0)} ms.`,
      ],
    },
    {
      what: `scroll up in a ${room}`,
      budget: `no long task > ${longTaskMs} ms`,
      measured: `longest ${Math.max(...cpuMs).toFixed(0)} ms of CPU, ${cpuMs.filter(isLong).length} long ones`,
      reference: '-',
      verdict: verdictOf(!cpuMs.some(isLong), tasks.length > 0, passed > 0),
      notes: [
        `${wheelSteps} turns of the wheel by ${wheelPx} px, 20 a second at most; ${passed} messages passed; ${tasks.length} tasks. By the clock, which also counts what other programs do, ${clockMs.filter(isLong).length} were long, the longest ${Math.max(...clockMs).toFixed(0)} ms.`,
      ],
    },
  ];
}

export const longRoom: Row = {
  name: 'long-room',
  measure: async () => {
    const browser = await startBrowser();
    try {
      const { room, server, port } = await prepareRoom(browser);
      const page = await signIn(browser, port, room);
      const openMs = await measureOpenings(page);
      const scrolling = await measureScrolling(browser, page);
      await server.stop();
      return measurementsOf(openMs, scrolling);
    } finally {
      await browser.close();
    }
  },
};
