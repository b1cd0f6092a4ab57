import { AppError } from '../app-error.ts';

/** Locks out after wrong passwords, per account and address, so that nobody can lock a colleague out. */
export type LoginGuard = {
  /** Throws LOCKED_OUT with the time that is left. */
  check: (username: string, address: string) => void;
  failed: (username: string, address: string) => void;
  succeeded: (username: string, address: string) => void;
  /** Wrong passwords since the start. */
  failures: () => number;
  /** Lock-outs since the start. */
  lockOuts: () => number;
};

type Failures = { count: number; lastAt: number; lockedUntil: number };

/** Wrong passwords before the first wait. */
const freeAttempts = 5;
const firstWaitMs = 15_000;
const longestWaitMs = 15 * 60_000;
/** After this time without a failure an entry is forgotten. */
const forgetMs = 60 * 60_000;
/** Oldest entries go first: names that somebody makes up must not fill the memory. */
const entriesMax = 20_000;

/** `now` gives milliseconds. The wait doubles with each failure after the free ones. */
export function createLoginGuard(now: () => number): LoginGuard {
  const failuresByKey = new Map<string, Failures>();
  let failures = 0;
  let lockOuts = 0;

  const current = (key: string): Failures | undefined => {
    const known = failuresByKey.get(key);
    if (known === undefined || now() - known.lastAt < forgetMs) return known;
    failuresByKey.delete(key);
    return undefined;
  };

  return {
    check(username, address) {
      const known = current(keyOf(username, address));
      const retryAfterMs = (known?.lockedUntil ?? 0) - now();
      if (retryAfterMs > 0) throw new AppError('LOCKED_OUT', { retryAfterMs });
    },
    failed(username, address) {
      failures += 1;
      const key = keyOf(username, address);
      const count = (current(key)?.count ?? 0) + 1;
      const excess = count - freeAttempts;
      const waitMs = excess < 0 ? 0 : Math.min(firstWaitMs * 2 ** excess, longestWaitMs);
      if (waitMs > 0) lockOuts += 1;
      failuresByKey.delete(key);
      failuresByKey.set(key, { count, lastAt: now(), lockedUntil: now() + waitMs });
      if (failuresByKey.size > entriesMax) {
        const [oldest] = failuresByKey.keys();
        if (oldest !== undefined) failuresByKey.delete(oldest);
      }
    },
    succeeded: (username, address) => void failuresByKey.delete(keyOf(username, address)),
    failures: () => failures,
    lockOuts: () => lockOuts,
  };
}

const keyOf = (username: string, address: string): string => `${address}|${username}`;
