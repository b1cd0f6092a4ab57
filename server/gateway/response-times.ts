/** How long answers take: counts in buckets that grow by a third, so that every request can be counted for next to nothing. */

const firstMs = 0.05;
const growth = 4 / 3;
const bucketCount = 48;
const logGrowth = Math.log(growth);

/** The upper end of each bucket; the last one takes everything above as well. */
const boundsMs: readonly number[] = Array.from(
  { length: bucketCount },
  (_, bucket) => firstMs * growth ** bucket,
);

export type ResponseTimeCounts = { boundsMs: readonly number[]; counts: readonly number[] };

export type ResponseTimes = {
  add(durationMs: number): void;
  /** Answers since the start by bucket; a copy. */
  counts: () => ResponseTimeCounts;
};

/** All counts are zero. */
export function createResponseTimes(): ResponseTimes {
  const counts = Array.from({ length: bucketCount }, () => 0);
  return {
    add(durationMs) {
      const exact = durationMs <= firstMs ? 0 : Math.ceil(Math.log(durationMs / firstMs) / logGrowth);
      const bucket = Math.min(exact, bucketCount - 1);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    counts: () => ({ boundsMs, counts: [...counts] }),
  };
}
