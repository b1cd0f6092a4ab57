/**
 * Whether somebody is at this page: away after five minutes without input, or once the page was hidden for half a minute (a
 * glance at another tab is none). The server puts a person's pages together.
 */
import type { Timers } from '../../state/timers.ts';

const idleMs = 5 * 60_000;
const hiddenMs = 30_000;

export type AwayWatch = {
  /** A key, a touch, a movement. */
  touched: () => void;
  /** The page was shown or hidden. */
  shown: (isVisible: boolean) => void;
  /** A new connection knows nothing of this page. */
  connected: () => void;
  stop: () => void;
};

/** `report` tells the server; a report that is lost is made good by the next connection. */
export const createAwayWatch = (deps: {
  timers: Timers;
  isVisible: boolean;
  report: (isAway: boolean) => void;
}): AwayWatch => {
  const { timers } = deps;
  let isVisible = deps.isVisible;
  let isAway = false;
  let touchedAt = timers.now();
  let cancel: (() => void) | null = null;

  const set = (next: boolean): void => {
    if (next === isAway) return;
    isAway = next;
    deps.report(next);
  };
  const wait = (delayMs: number): void => {
    cancel?.();
    cancel = timers.after(delayMs, due);
  };
  const due = (): void => {
    cancel = null;
    const leftMs = isVisible ? touchedAt + idleMs - timers.now() : 0;
    // Input only notes its time: a timer per movement would cost more than all of this. A clock set back waits no longer.
    if (leftMs > 0 && leftMs <= idleMs) wait(leftMs);
    else set(true);
  };
  const watch = (): void => wait(isVisible ? idleMs : hiddenMs);
  watch();

  return {
    touched: () => {
      touchedAt = timers.now();
      if (!isVisible || !isAway) return;
      set(false);
      watch();
    },
    shown: (next) => {
      if (next === isVisible) return;
      isVisible = next;
      touchedAt = timers.now();
      if (next) set(false);
      if (!isAway) watch();
    },
    connected: () => {
      if (isAway) deps.report(true);
    },
    stop: () => cancel?.(),
  };
};
