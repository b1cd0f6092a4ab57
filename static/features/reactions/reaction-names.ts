import type { ReactionActions } from './reaction-actions.ts';

/** All of them, whose code comes when the first one is called. */
export const reactionNames: { [Name in keyof ReactionActions]: true } = { read: true, toggle: true };
