/**
 * Loaded into every measured process, product and reference alike (`node --expose-gc --import probe.ts`): says what the
 * process itself knows best. `cpuUsage` counts all threads, so the fsyncs of the thread pool are in it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { threadCpuUsage } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerQuestions } from './answering.ts';

export type CpuAnswer = { cpuUs: number; atUs: number };
export type MemoryAnswer = { rssBytes: number; heapBytes: number; externalBytes: number };
/** By the clock, and the most CPU that the loop's own thread took without a pause: what is left of a stall when others had the core. */
export type StallAnswer = { longestMs: number; p99Ms: number; longestCpuMs: number };

/** The monitor samples with a timer of this length, which is part of every value that it reports. */
const samplingMs = 1;
const loopDelay = monitorEventLoopDelay({ resolution: samplingMs });
const threadLoad = createThreadLoad();

/** CPU of this thread from one turn of a timer to the next. */
function createThreadLoad() {
  let longestMs = 0;
  let last = 0;
  let timer: NodeJS.Timeout | undefined;
  const usedMs = (): number => {
    const { user, system } = threadCpuUsage();
    return (user + system) / 1000;
  };
  return {
    begin(): void {
      longestMs = 0;
      last = usedMs();
      timer = setInterval(() => {
        const used = usedMs();
        longestMs = Math.max(longestMs, used - last);
        last = used;
      }, samplingMs);
    },
    end(): number {
      clearInterval(timer);
      return longestMs;
    },
  };
}

/**
 * Memory with all garbage gone and the heap's empty pages given back. After an ordinary collection V8 keeps them, several
 * times what is alive, and how many is chance. More than once, since finalisers free memory for the next collection.
 */
async function memoryWithoutGarbage(): Promise<MemoryAnswer> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await sleep(100);
  }
  const usage = process.memoryUsage();
  return { rssBytes: usage.rss, heapBytes: usage.heapUsed, externalBytes: usage.external };
}

answerQuestions({
  cpu: (): CpuAnswer => {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, atUs: performance.now() * 1000 };
  },
  memory: memoryWithoutGarbage,
  'stalls:begin': () => {
    loopDelay.reset();
    loopDelay.enable();
    threadLoad.begin();
  },
  'stalls:end': (): StallAnswer => {
    loopDelay.disable();
    return {
      longestMs: Math.max(0, loopDelay.max / 1e6 - samplingMs),
      p99Ms: Math.max(0, loopDelay.percentile(99) / 1e6 - samplingMs),
      longestCpuMs: threadLoad.end(),
    };
  },
});
