/**
 * Notices that the browser's clock was set, or that the computer slept, and asks the server for the time anew. Without it
 * everything written until the next reconnect would carry a wrong time, and everybody else would be told so.
 */
import { drop } from '../state/drop.ts';
import type { Clock } from '../state/clock.ts';
import type { Timers } from '../state/timers.ts';
import type { Call } from './socket-connection.ts';

const lookEveryMs = 30_000;
/** Far below what a reader notices, far above what timers are late by. */
const toleranceMs = 2_000;

export const startClockWatch = (deps: {
  timers: Timers;
  /** Milliseconds that only ever go forward, at the pace of real time. */
  monotonicNow: () => number;
  clock: Clock;
  call: Call;
}): (() => void) => {
  const { timers, clock } = deps;
  const differenceNow = (): number => timers.now() - deps.monotonicNow();
  let difference = differenceNow();
  let cancel: (() => void) | null = null;

  const askTime = async (jumpedTo: number): Promise<void> => {
    const askedAt = timers.now();
    const info = await deps.call('server:info', {});
    // Offline or refused: the next look sees the same jump, and a reconnect takes the time along anyway.
    if (!info.ok) return;
    clock.adjust(info.value.serverTime, askedAt, timers.now());
    difference = jumpedTo;
  };

  const look = (): void => {
    const present = differenceNow();
    if (Math.abs(present - difference) > toleranceMs) drop(askTime(present));
    cancel = timers.after(lookEveryMs, look);
  };
  cancel = timers.after(lookEveryMs, look);
  return () => cancel?.();
};
