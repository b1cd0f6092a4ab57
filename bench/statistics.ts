/** The middle value; of an even number of values the mean of the two in the middle. NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** `1.2–3.4`: the smallest and largest value, so that the reader sees the noise. */
export const spread = (values: readonly number[], digits = 1): string =>
  `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;

const bucketUs = 20;

/** Counts latencies in buckets of 20 µs up to 10 s: constant memory, no sorting while the load runs. */
export function createLatencyHistogram() {
  const buckets = new Uint32Array(500_000);
  let count = 0;
  let longestUs = 0;
  return {
    add(latencyUs: number): void {
      const index = Math.min(buckets.length - 1, Math.max(0, Math.floor(latencyUs / bucketUs)));
      buckets[index] = (buckets[index] ?? 0) + 1;
      count += 1;
      if (latencyUs > longestUs) longestUs = latencyUs;
    },
    count: () => count,
    longestMs: () => longestUs / 1000,
    /** The latency in ms that `share` (0–1) of the samples stay below. */
    percentileMs(share: number): number {
      let left = Math.ceil(count * share);
      for (let index = 0; index < buckets.length; index += 1) {
        left -= buckets[index] ?? 0;
        if (left <= 0) return ((index + 1) * bucketUs) / 1000;
      }
      return longestUs / 1000;
    },
    clear(): void {
      buckets.fill(0);
      count = 0;
      longestUs = 0;
    },
  };
}
