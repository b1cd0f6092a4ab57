/** How long flushes take: fixed buckets, as Prometheus wants them, cheap enough to count every one. */

const boundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

export type FlushStats = {
  count: number;
  sumMs: number;
  maxMs: number;
  /** Not cumulative: flushes that took at most `upToMs` and more than the bucket before; the last bound is infinite. */
  buckets: readonly { upToMs: number; count: number }[];
};

export type FlushHistogram = { add(durationMs: number): void; stats(): FlushStats };

/** An empty histogram. */
export function createFlushHistogram(): FlushHistogram {
  const buckets = [...boundsMs, Number.POSITIVE_INFINITY].map((upToMs) => ({ upToMs, count: 0 }));
  let count = 0;
  let sumMs = 0;
  let maxMs = 0;
  return {
    add(durationMs) {
      const bucket = buckets.find(({ upToMs }) => durationMs <= upToMs);
      if (bucket !== undefined) bucket.count += 1;
      count += 1;
      sumMs += durationMs;
      maxMs = Math.max(maxMs, durationMs);
    },
    stats: () => ({ count, sumMs, maxMs, buckets: buckets.map((bucket) => ({ ...bucket })) }),
  };
}
