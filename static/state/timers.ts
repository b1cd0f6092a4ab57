/** Time as a dependency, so that tests control it. */
export type Timers = {
  /** Calls back once; the result cancels it. */
  after: (delayMs: number, callback: () => void) => () => void;
  now: () => number;
};

/** The environment's own timers. */
export const realTimers: Timers = {
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
};

/** Runs `work` once, `delayMs` after the first of any number of requests; `flush` runs it at once if it is due. */
export const createDelayed = (timers: Timers, delayMs: number, work: () => void) => {
  let cancel: (() => void) | null = null;
  const run = (): void => {
    cancel?.();
    cancel = null;
    work();
  };
  return {
    request: () => {
      cancel ??= timers.after(delayMs, run);
    },
    flush: () => {
      if (cancel !== null) run();
    },
    cancel: () => {
      cancel?.();
      cancel = null;
    },
  };
};
