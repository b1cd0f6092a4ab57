export type Timers = {
  setTimeout(task: () => void, delayMs: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout | undefined): void;
};

export type PatientTimer = {
  /** Does the task after the delay, in place of whatever was waited for before. */
  wait: (delayMs: number, task: () => void) => void;
  cancel: () => void;
};

/** A timer that is later than this was not late because of work. */
const sleepMs = 20_000;

/** One wait at a time, for somebody on the same computer: if that sleeps meanwhile, the whole delay is given anew. */
export function createPatientTimer(timers: Timers, now: () => number): PatientTimer {
  let timer: NodeJS.Timeout | undefined;
  function wait(delayMs: number, task: () => void): void {
    timers.clearTimeout(timer);
    const since = now();
    timer = timers.setTimeout(() => {
      if (now() - since > delayMs + sleepMs) wait(delayMs, task);
      else task();
    }, delayMs);
  }
  return { wait, cancel: () => timers.clearTimeout(timer) };
}
