import type { EditingActions } from './editing-actions.ts';

/** All of them, whose code comes when the first one is called. */
export const editingNames: { [Name in keyof EditingActions]: true } = {
  edit: true,
  recall: true,
  save: true,
  hide: true,
  forward: true,
  versions: true,
  look: true,
  mentions: true,
  quote: true,
};
