/** What the main thread of a page did, task by task, as Chromium traces it. */
import type { Browser, Page } from '@playwright/test';

/** `cpuMs` is the thread's own time; `clockMs` also counts while another program had the core. */
export type TaskTime = { clockMs: number; cpuMs: number };

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
};

/** All tasks of the pages' main threads while `work` runs. Tracing costs a little itself, so the numbers are upper bounds. */
export async function traceTasks(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<TaskTime[]> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await work();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const events = trace.traceEvents;
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const mainThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map((event) => threadOf(event)),
  );
  return events
    .filter((event) => event.ph === 'X' && event.name.endsWith('RunTask') && mainThreads.has(threadOf(event)))
    .map(({ dur = 0, tdur = 0 }) => ({ clockMs: dur / 1000, cpuMs: tdur / 1000 }));
}
