/** The actions of `memo-actions.ts`, whose code comes with the first of them. */
import type { MemoActions } from './memo-actions.ts';

export const memoNames: { [Name in keyof MemoActions]: true } = {
  list: true,
  get: true,
  open: true,
  send: true,
  recall: true,
  remove: true,
  reschedule: true,
};
