import type { Message } from '#contract/messages.ts';
import type { OpenFailure } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import type { Locale } from '../../locales/locale.ts';

/** What the lines of a conversation need to know beside their item. */
export type RowContext = {
  /** For bodies that are more than a text. */
  page: PageContext;
  locale: Locale;
  meUid: string;
  /** Marks in a text whom it calls, as soon as the code for it has come. */
  markMentions: (element: HTMLElement) => void;
  nameOf: (userUid: string) => string;
  /** Changes whenever a name might have: rows compare it by identity. */
  peopleVersion: () => unknown;
  /** What stands beside a name: the title (과장), or for one of several namesakes what tells them apart. */
  roleOf: (userUid: string) => string;
  /** Who has read a message, named by `senderUid.clientId`. */
  showReaders: (name: string) => void;
  /** Why this message cannot be read, and what helps. */
  explain: (message: Message, reason: OpenFailure) => void;
  /** This person's key, and the number to compare. */
  openSecurity: (userUid: string) => void;
  /** A message that is replied to is not known yet. */
  loadQuote: (name: string) => Promise<unknown>;
  /** Shows a message, wherever it is in the history. */
  jumpTo: (seq: number, name: string) => void;
  retry: (clientId: string) => void;
  discard: (clientId: string) => void;
  takeBack: (clientId: string) => void;
};
