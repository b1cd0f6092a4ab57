/** What two readings of the server's counters say about the time between them. Pure. */
import type { AdminSample } from '#contract/admin.ts';

/** Counts since the start, and gauges as they are. */
export type Reading = {
  at: number;
  connections: number;
  peopleOnline: number;
  requests: number;
  refused: number;
  failed: number;
  messages: number;
  deliveries: number;
  rateLimited: number;
  failedSignIns: number;
  lockOuts: number;
  responseTimes: BucketCounts;
  /** Processor time of this process, in microseconds. */
  cpuMicros: number;
  memoryBytes: number;
  /** Of the time since the reading before. */
  loopDelayP99Ms: number;
  walBytes: number;
  databaseBytes: number;
  diskFreeBytes: number | null;
  diskTotalBytes: number | null;
};

export type BucketCounts = { boundsMs: readonly number[]; counts: readonly number[] };

const counters = [
  'messages',
  'deliveries',
  'refused',
  'failed',
  'failedSignIns',
  'lockOuts',
  'rateLimited',
] as const;

/** The sample of the time between two readings. */
export function sampleOf(before: Reading, now: Reading, startedAt: number): AdminSample {
  // a clock that was set back must not make a time without length
  const intervalMs = Math.max(1, now.at - before.at);
  const counts = Object.fromEntries(counters.map((name) => [name, now[name] - before[name]])) as Record<
    (typeof counters)[number],
    number
  >; // fromEntries forgets the literal names
  const times = {
    boundsMs: now.responseTimes.boundsMs,
    counts: now.responseTimes.counts.map(
      (count, bucket) => count - (before.responseTimes.counts[bucket] ?? 0),
    ),
  };
  return {
    ...counts,
    at: now.at,
    intervalMs,
    uptimeMs: now.at - startedAt,
    peopleOnline: now.peopleOnline,
    connections: now.connections,
    answered: now.requests - before.requests,
    responseP50Ms: quantileMs(times, 0.5),
    responseP99Ms: quantileMs(times, 0.99),
    loopDelayP99Ms: rounded(now.loopDelayP99Ms),
    cpuPercent: rounded(Math.max(0, (now.cpuMicros - before.cpuMicros) / 10 / intervalMs)),
    memoryBytes: now.memoryBytes,
    walBytes: now.walBytes,
    databaseBytes: now.databaseBytes,
    diskFreeBytes: now.diskFreeBytes,
    diskTotalBytes: now.diskTotalBytes,
  };
}

/** The upper end of the bucket in which this part of all answers lies; null without an answer. */
export function quantileMs({ boundsMs, counts }: BucketCounts, part: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= total * part) return rounded(boundsMs[bucket] ?? 0);
  }
  return rounded(boundsMs.at(-1) ?? 0);
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
