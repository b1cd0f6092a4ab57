import type { Clock } from './feature-types.ts';

/** The machine's clock. Its timers do not keep the server from stopping. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
