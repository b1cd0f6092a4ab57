/** Time that stands still until a test moves it. */
import type { Timers } from '../state/timers.ts';

export type ManualTimers = Timers & {
  /** Moves time forward and runs what became due, in order. */
  advance: (ms: number) => void;
  /** The user sets the clock back; what was to happen in so many milliseconds still does. */
  setBack: (ms: number) => void;
};

export const createManualTimers = (): ManualTimers => {
  let now = 0;
  /** How far the clock that everybody reads is behind the time that runs. */
  let behind = 0;
  let waiting: { at: number; callback: () => void }[] = [];
  return {
    now: () => now - behind,
    setBack: (ms) => {
      behind += ms;
    },
    after: (delayMs, callback) => {
      const timer = { at: now + delayMs, callback };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((other) => other !== timer);
      };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = end;
    },
  };
};
