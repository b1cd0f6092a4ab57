/** Long enough that what was just shown is on screen. */
const fallbackDelayMs = 200;
const idleWaitMaxMs = 2_000;

/** Does what the screen need not wait for, once what is on it now has been painted. */
export function afterPaint(work: () => void): void {
  requestAnimationFrame(() => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(work, { timeout: idleWaitMaxMs });
    else setTimeout(work, fallbackDelayMs);
  });
}
