/** For promises nobody waits for: a rejection there is a bug, and it is reported instead of vanishing. */

let report: (error: unknown) => void = (error) => {
  // Rethrown outside the promise, the browser's console (or the test runner) shows it with its stack.
  queueMicrotask(() => {
    throw error;
  });
};

/** Where dropped rejections go. Nothing secret is ever put into an error (docs/e2e-protocol.md section 9). */
export const onDroppedError = (next: (error: unknown) => void): void => {
  report = next;
};

/** For code that must go on with the rest after something of somebody else's failed. */
export const reportError = (error: unknown): void => report(error);

export const drop = (promise: Promise<unknown>): void => {
  promise.catch((error: unknown) => report(error));
};
