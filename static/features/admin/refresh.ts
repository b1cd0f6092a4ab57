import { drop } from '../../state/drop.ts';

export type Refresh = { now: () => void; dispose: () => void };

/** Does something now, every so often, and when the page is looked at again; never while it is hidden or still at it. */
export function createRefresh(everyMs: number, work: () => Promise<void>): Refresh {
  let isUnderWay = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    if (isUnderWay || document.visibilityState !== 'visible') return;
    isUnderWay = true;
    try {
      do {
        isWanted = false;
        await work();
      } while (isWanted);
    } finally {
      isUnderWay = false;
    }
  };
  const now = (): void => {
    // what is under way may have been answered before the change that somebody wants to see
    isWanted = true;
    drop(run());
  };
  const onTime = (): void => drop(run());
  const timer = setInterval(onTime, everyMs);
  document.addEventListener('visibilitychange', onTime);
  onTime();
  return {
    now,
    dispose: () => {
      isWanted = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onTime);
    },
  };
}
