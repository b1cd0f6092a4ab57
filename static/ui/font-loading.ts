import { drop } from '../state/drop.ts';
import { afterPaint } from './idle.ts';
import { loadStyleSheet } from './sheet-loading.ts';

/**
 * The font's style sheets come after what they are for: until then the system's font shows. index.html names two of them,
 * the pieces that Korean text mostly needs and those with rare syllables and Chinese characters.
 */
const sheets = (): string[] =>
  (document.querySelector('meta[name="maru-fonts"]')?.getAttribute('content') ?? '')
    .split(' ')
    .filter((address) => address !== '');

/** Adds the first sheet when what is on screen now has been painted. */
export const loadFonts = (): void => afterPaint(() => addSheet(sheets()[0]));

/** Adds the second one. */
export const loadRareFonts = (): void => addSheet(sheets()[1]);

function addSheet(address: string | undefined): void {
  // Without it the system's font stays.
  if (address !== undefined) drop(loadStyleSheet(address).catch(() => undefined));
}
