/** From starting the program to its first answer, with a database that has a week of an office in it; then its memory at rest. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../children/child.ts';
import type { Child } from '../children/child.ts';
import { freePort, spawnServer, temporaryFolder, untilListening } from '../product/product-server.ts';
import { seedDatabase } from '../product/seed.ts';
import { median, spread } from '../statistics.ts';
import { notMeasured, verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';

const plan = { rooms: 40, peoplePerRoom: 30, roomsPerPerson: 4, messagesPerRoom: 500 };
const roundCount = 7;
const startBudgetMs = 400;
const memoryBudgetMb = 130;
/** Longer than the check of the database that runs once the server listens. */
const restMs = 8_000;

async function timeStart(start: (port: number) => Child): Promise<{ ms: number; server: Child }> {
  const port = await freePort();
  const startedAt = performance.now();
  const server = start(port);
  await untilListening(server, port);
  return { ms: performance.now() - startedAt, server };
}

const startIdle = (port: number): Child =>
  startChild({ entry: 'bench/references/idle-process.ts', args: [String(port)], hasProbe: false });

/** Resident set in MB as the system counts it, without a collection forced on the process; null where it cannot be read. */
function residentMb(pid: number): number | null {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? null : Number(line[1]) / 1024;
  } catch {
    return null;
  }
}

async function measureStarts(folder: string): Promise<{ bareMs: number[]; fullMs: number[] }> {
  const bareMs: number[] = [];
  const fullMs: number[] = [];
  for (let round = 0; round <= roundCount; round += 1) {
    const bare = await timeStart(startIdle);
    await bare.server.stop();
    const full = await timeStart((port) => spawnServer({ folder, port, hasProbe: false }));
    await full.server.stop();
    // the first round reads the files into the page cache
    if (round === 0) continue;
    bareMs.push(bare.ms);
    fullMs.push(full.ms);
  }
  return { bareMs, fullMs };
}

async function measureMemory(folder: string): Promise<Measurement> {
  const what = 'resident memory at rest';
  const budget = `≤ ${memoryBudgetMb} MB`;
  const full = await timeStart((port) => spawnServer({ folder, port, hasProbe: false }));
  const bare = await timeStart(startIdle);
  await sleep(restMs);
  const [fullMb, bareMb] = [residentMb(full.server.pid), residentMb(bare.server.pid)];
  await full.server.stop();
  await bare.server.stop();
  if (fullMb === null || bareMb === null) return notMeasured(what, budget, 'needs /proc (Linux)');
  return {
    what,
    budget,
    measured: `${fullMb.toFixed(0)} MB`,
    reference: `empty Node HTTP server ${bareMb.toFixed(0)} MB`,
    verdict: verdictOf(fullMb <= memoryBudgetMb),
  };
}

export const startTime: Row = {
  name: 'start',
  measure: async () => {
    const folder = await temporaryFolder();
    await seedDatabase(folder, plan);
    const { bareMs, fullMs } = await measureStarts(folder);
    return [
      {
        what: '`--cli` start to first answer, existing database',
        budget: `≤ ${startBudgetMs / 1000} s`,
        measured: `${(median(fullMs) / 1000).toFixed(2)} s`,
        reference: `empty Node HTTP server ${(median(bareMs) / 1000).toFixed(2)} s`,
        verdict: verdictOf(median(fullMs) <= startBudgetMs),
        notes: [
          `median of ${roundCount} starts with ${plan.rooms * plan.messagesPerRoom} messages in the database; ${spread(fullMs, 0)} ms, reference ${spread(bareMs, 0)} ms.`,
        ],
      },
      await measureMemory(folder),
    ];
  },
};
