import type { App } from './app-types.ts';
import type { LaterPieces } from './later-pieces.ts';
import type { Locale } from './locales/locale.ts';
import type { Toasts } from './ui/toast.ts';

/** The tab of the settings that is open, or null. A page that is drawn anew in another language opens them again there. */
export type OpenSettings = { tab: string | null };

/** What every view of the product gets. A change of language builds the views anew with another one. */
export type PageContext = {
  readonly app: App;
  readonly locale: Locale;
  readonly toasts: Toasts;
  /** Says something to screen readers, once, when they are idle. The page has no other live region. */
  announce: (text: string) => void;
  readonly settings: OpenSettings;
  /** What is not needed for the first screens, loaded when it is. */
  readonly later: LaterPieces;
};
