/** Work that is due at times which the database knows: done then, also if the server was away. */
import type { Clock } from './feature-types.ts';

/** No timer is longer: the machine may sleep, or its clock be set, and timers know of neither. */
const longestWaitMs = 30_000;

export type DueWork = {
  /** Does what has become due while the server was away, and waits for the next. */
  start: () => void;
  /** Something will be due then. */
  expect: (at: number) => void;
  /** Looks now. Resolves when everything that is due was done. */
  look: () => Promise<void>;
  stop: () => void;
};

export type DueWorkDeps = {
  clock: Clock;
  /** Does some of what is due at `now`; true if there may be more. */
  doSome: (now: number) => Promise<boolean>;
  /** When the next thing is due; null for nothing. */
  next: () => Promise<number | null>;
  onBug: (error: unknown) => void;
};

export function createDueWork({ clock, doSome, next, onBug }: DueWorkDeps): DueWork {
  let cancel: (() => void) | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;
  let isStopped = false;

  const wakeBy = (at: number): void => {
    if (isStopped || at >= wakesAt) return;
    cancel?.();
    wakesAt = at;
    cancel = clock.after(Math.max(0, at - clock.now()), () => void look());
  };

  const goOn = async (): Promise<boolean> => !isStopped && doSome(clock.now());

  async function look(): Promise<void> {
    wakesAt = Number.POSITIVE_INFINITY;
    try {
      while (await goOn());
      const at = isStopped ? null : await next();
      if (at !== null) wakeBy(Math.min(at, clock.now() + longestWaitMs));
    } catch (error) {
      // a full disk, for example: tried again by the timer
      if (!isStopped) onBug(error);
    }
    wakeBy(clock.now() + longestWaitMs);
  }

  return {
    start: () => void look(),
    expect: (at) => wakeBy(Math.min(at, clock.now() + longestWaitMs)),
    look,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
