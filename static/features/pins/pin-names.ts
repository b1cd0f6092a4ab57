import type { PinActions } from './pin-actions.ts';

/** All of them, whose code comes when the first one is called. */
export const pinNames: { [Name in keyof PinActions]: true } = {
  load: true,
  pin: true,
  raise: true,
  acknowledge: true,
  readers: true,
  remind: true,
  fold: true,
};
