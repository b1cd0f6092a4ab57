export type CrashLimits = {
  /** The waits before the first, second, … start again. As many crashes within the window and one more are given up on. */
  backOffMs: readonly number[];
  crashWindowMs: number;
};

export type CrashBackOff = {
  /** One more crash: how long to wait before the next start, or after how many to give up. */
  crashed(): { delayMs: number } | { givenUpAfter: number };
  /** Somebody started it by hand: what was before does not count. */
  forget(): void;
};

/** Counts the crashes of the last while. */
export function createCrashBackOff(
  { backOffMs, crashWindowMs }: CrashLimits,
  now: () => number,
): CrashBackOff {
  let crashes: number[] = [];
  return {
    crashed() {
      const at = now();
      crashes = [...crashes.filter((crash) => at - crash < crashWindowMs), at];
      const times = crashes.length;
      const delayMs = backOffMs[times - 1];
      if (delayMs !== undefined) return { delayMs };
      crashes = [];
      return { givenUpAfter: times };
    },
    forget() {
      crashes = [];
    },
  };
}
