/** A clock that a test can set forward. */
export type TestClock = {
  now: () => number;
  after: (delayMs: number, work: () => void) => () => void;
  /** Sets the clock forward; what has become due runs at once, in order of time. */
  advance(ms: number): void;
};

type Timer = { dueAt: number; run: () => void };

/**
 * Runs with real time, plus whatever it was set forward. One that stands still moves only when it is set forward: for tests
 * of what happens within a second, which a busy machine may need for two lines.
 */
export function createTestClock({ isStill = false } = {}): TestClock {
  const start = Date.now();
  const timers = new Set<Timer>();
  let aheadMs = 0;
  const now = (): number => (isStill ? start : Date.now()) + aheadMs;
  return {
    now,
    after(delayMs, work) {
      const handle = isStill ? undefined : setTimeout(() => timer.run(), delayMs).unref();
      const cancel = (): void => {
        timers.delete(timer);
        clearTimeout(handle);
      };
      const timer: Timer = {
        dueAt: now() + delayMs,
        run: () => {
          cancel();
          work();
        },
      };
      timers.add(timer);
      return cancel;
    },
    advance(ms) {
      const end = now() + ms;
      aheadMs += ms;
      for (;;) {
        const due = [...timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
        if (due === undefined) return;
        due.run();
      }
    },
  };
}
