/** Statuses that end at a time ("in a meeting until three") are taken away then, and everybody who sees them is told. */
import type { Delivery } from '../../gateway/delivery.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Clock, FeatureDatabase, Unit } from '../feature-types.ts';
import { updateProfile } from './account-store.ts';
import { profileEvents } from './profile-change.ts';
import { firstStatusEnd, peopleWithEndedStatus } from './status-store.ts';

/** At midnight half the office may be due at once: others get their turn in between. */
const sliceSize = 100;
/** Timers do not reach further than about 24 days. */
const longestWaitMs = 86_400_000;
/** After a failure, a full disk above all. */
const retryMs = 60_000;

export type StatusExpiry = {
  /** Takes away what ended while the server was not running, and waits for the next one. */
  start: () => void;
  /** A status with this end was stored. */
  planned: (at: number) => void;
  stop: () => void;
};

async function takeAway(unit: Unit, now: number): Promise<{ value: number; events: Delivery[] }> {
  const due = await peopleWithEndedStatus(unit.db, now, sliceSize);
  if (due.length === 0) return { value: 0, events: [] };
  const directoryRev = await raiseDirectoryRev(unit);
  const events: Delivery[] = [];
  for (const user of due) {
    const change = { status_text: '', status_until: null, directory_rev: directoryRev };
    await updateProfile(unit, user.id, change);
    events.push(...(await profileEvents(unit, { ...user, ...change })));
  }
  return { value: due.length, events };
}

export function createStatusExpiry(deps: {
  database: FeatureDatabase;
  clock: Clock;
  onBug: (error: unknown) => void;
}): StatusExpiry {
  const { database, clock, onBug } = deps;
  let next: { at: number; cancel: () => void } | undefined;
  let isStopped = false;

  function waitUntil(at: number): void {
    if (isStopped || (next !== undefined && next.at <= at)) return;
    next?.cancel();
    const delayMs = Math.min(Math.max(0, at - clock.now()), longestWaitMs);
    const cancel = clock.after(delayMs, () => {
      next = undefined;
      void look();
    });
    next = { at, cancel };
  }

  async function look(): Promise<void> {
    try {
      for (;;) {
        if (isStopped) return;
        const count = await database.write((unit) => takeAway(unit, clock.now()));
        if (count < sliceSize) break;
      }
      const at = await firstStatusEnd(database.read);
      if (at !== null) waitUntil(at);
    } catch (error) {
      if (isStopped) return;
      onBug(error);
      waitUntil(clock.now() + retryMs);
    }
  }

  return {
    start: () => void look(),
    planned: waitUntil,
    stop() {
      isStopped = true;
      next?.cancel();
    },
  };
}
