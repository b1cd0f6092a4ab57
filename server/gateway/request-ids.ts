import { randomBytes } from 'node:crypto';

export type RequestIds = {
  /** An id for the log: unique within a run, and told apart from those of other runs by its beginning. */
  next(): string;
};

/** Counts up, because a random id for every message would cost more than it is worth. */
export function createRequestIds(): RequestIds {
  const run = randomBytes(4).toString('hex');
  let count = 0;
  return {
    next() {
      count += 1;
      return `${run}-${count.toString(36)}`;
    },
  };
}
