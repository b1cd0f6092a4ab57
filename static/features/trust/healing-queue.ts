/** Rooms that something is to be done for, one after another with pauses: 500 rooms must not become a storm. */
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { Timers } from '../../state/timers.ts';

export type HealingQueue = {
  /** Not before `delayMs` from now. What is asked for twice is done once, at the earlier time. */
  add: (roomUid: string, delayMs: number) => void;
  /** The line is back: what waited for it goes on. */
  wake: () => void;
  stop: () => void;
};

type QueueDeps = {
  timers: Timers;
  isOnline: () => boolean;
  heal: (roomUid: string) => Promise<Result<void>>;
};

/** Between two rooms. */
const pauseMs = 400;
/** After a refusal that may pass; doubled each time, up to the longest. */
const backOffMs = 5_000;
const longestBackOffMs = 5 * 60_000;
/** A room that was refused this often waits for something new about it. */
const maxAttempts = 6;

export function createHealingQueue({ timers, isOnline, heal }: QueueDeps): HealingQueue {
  const dueByRoom = new Map<string, number>();
  const attemptsByRoom = new Map<string, number>();
  let isRunning = false;
  let isStopped = false;
  /** No room before: the pause after the last one. */
  let earliest = 0;
  let cancel: (() => void) | null = null;

  const nextRoom = (): [roomUid: string, due: number] | undefined =>
    [...dueByRoom].sort(([, left], [, right]) => left - right)[0];

  const plan = (): void => {
    cancel?.();
    cancel = null;
    const next = nextRoom();
    if (next === undefined || isRunning || isStopped || !isOnline()) return;
    const delayMs = Math.max(0, next[1] - timers.now(), earliest - timers.now());
    cancel = timers.after(delayMs, () => drop(run()));
  };

  const add: HealingQueue['add'] = (roomUid, delayMs) => {
    const due = timers.now() + delayMs;
    attemptsByRoom.delete(roomUid);
    dueByRoom.set(roomUid, Math.min(due, dueByRoom.get(roomUid) ?? due));
    plan();
  };

  const settle = (roomUid: string, result: Result<void>): void => {
    if (result.ok || !result.isRetryable) {
      attemptsByRoom.delete(roomUid);
      return;
    }
    const attempts = (attemptsByRoom.get(roomUid) ?? 0) + 1;
    attemptsByRoom.set(roomUid, attempts);
    if (attempts >= maxAttempts) return;
    const delayMs = result.retryAfterMs ?? Math.min(longestBackOffMs, backOffMs * 2 ** (attempts - 1));
    // Whatever refused this room, a limit or a broken line, refuses the next one as well.
    earliest = timers.now() + Math.min(delayMs, backOffMs);
    if (!dueByRoom.has(roomUid)) dueByRoom.set(roomUid, timers.now() + delayMs);
  };

  const run = async (): Promise<void> => {
    const next = nextRoom();
    if (isRunning || isStopped || next === undefined || !isOnline()) return;
    const [roomUid] = next;
    isRunning = true;
    dueByRoom.delete(roomUid);
    try {
      const result = await heal(roomUid);
      earliest = timers.now() + pauseMs;
      settle(roomUid, result);
    } finally {
      isRunning = false;
      plan();
    }
  };

  return {
    add,
    wake: plan,
    stop: () => {
      isStopped = true;
      cancel?.();
      dueByRoom.clear();
    },
  };
}
