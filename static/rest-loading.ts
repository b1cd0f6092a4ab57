/** What the first screens do without comes by itself afterwards, so that it is there when the server is away. */
import type { Language } from './locales/locale.ts';
import { loadLaterWording, loadWording } from './locales/wording-loading.ts';
import type { PageContext } from './page-context.ts';
import { drop } from './state/drop.ts';
import { loadRareFonts } from './ui/font-loading.ts';

/** The first conversation's rows are on screen by then, and what they show in rare syllables gets its font. */
const fontDelayMs = 1_000;
/** Whoever has just come in reads first; nothing of this is needed within moments. */
const restDelayMs = 3_000;
let isPlanned = false;

/** The later pieces, the other language, the rare pieces of the font. Called when the messenger is shown. */
export function loadRestLater({ app: { stores }, locale, later }: PageContext): void {
  if (isPlanned) return;
  isPlanned = true;
  const other: Language = locale.language === 'ko' ? 'en' : 'ko';
  const loadRest = (): void => {
    loadRareFonts();
    const rest = Promise.all([later.loadAll(), loadWording(other), loadLaterWording(other)]);
    // The server went away meanwhile: each is asked for again by whatever needs it.
    drop(rest.catch(() => undefined));
  };
  setTimeout(loadRest, restDelayMs);
  const isRoomOpen = (): boolean => stores.rooms.get().openRoomUid !== null;
  const loadFonts = (): void => void setTimeout(loadRareFonts, fontDelayMs);
  if (isRoomOpen()) loadFonts();
  else stores.rooms.subscribe(isRoomOpen, loadFonts);
}
