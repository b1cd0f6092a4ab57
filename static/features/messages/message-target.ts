import type { PageContext } from '../../page-context.ts';
import type { MessageEntry } from './message-state.ts';

/** What the composer does with a message that somebody chose. */
export type ComposerModes = {
  reply: (entry: MessageEntry) => void;
  edit: (entry: MessageEntry) => void;
};

/** A message that something is to be done with. */
export type MessageTarget = {
  context: PageContext;
  roomUid: string;
  entry: MessageEntry;
  isOwn: boolean;
  composer: ComposerModes;
};
