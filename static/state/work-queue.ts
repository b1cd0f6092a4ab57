/** One piece of work at a time per key (a room): epochs, sends and openings of a room never overlap. */
export type WorkQueue = {
  /** Runs after everything queued under the same key has settled. */
  run: <Value>(key: string, work: () => Promise<Value>) => Promise<Value>;
};

export const createWorkQueue = (): WorkQueue => {
  const lastByKey = new Map<string, Promise<unknown>>();
  return {
    run: (key, work) => {
      const previous = lastByKey.get(key) ?? Promise.resolve();
      const next = previous.then(work, work);
      const forget = (): void => {
        if (lastByKey.get(key) === settled) lastByKey.delete(key);
      };
      const settled: Promise<void> = next.then(forget, forget);
      lastByKey.set(key, settled);
      return next;
    },
  };
};
