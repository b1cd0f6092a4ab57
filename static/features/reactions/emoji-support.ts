/** Which emojis this computer can draw: an old one shows boxes for those that came after it. */
import type { Emoji } from './emoji-list.ts';

/** One of each standard that newer computers only have. */
const samples: readonly [version: number, emoji: string][] = [
  [11, '🥰'],
  [12, '🥱'],
  [13, '🥸'],
  [14, '🫠'],
  [15, '🫨'],
  [16, '🫩'],
  [17, '🫪'],
];

/** Without a way to look at what is drawn: what computers of the last years have. */
const assumed = 13;

/** The newest standard that is drawn here. */
export function newestDrawn(isDrawn: (emoji: string) => boolean | null): number {
  let newest = 10;
  for (const [version, emoji] of samples) {
    const verdict = isDrawn(emoji);
    if (verdict === null) return assumed;
    if (!verdict) return newest;
    newest = version;
  }
  return newest;
}

/** Those that this computer can draw. */
export const drawnEmojis = (emojis: readonly Emoji[]): readonly Emoji[] => {
  const newest = newestDrawn(createDrawing());
  return emojis.filter(({ version }) => Math.floor(version) <= newest);
};

/** A box takes the colour of the text, or nothing is drawn at all; an emoji has colours of its own. */
function createDrawing(): (emoji: string) => boolean | null {
  const canvas = document.createElement('canvas');
  canvas.width = 20;
  canvas.height = 20;
  const drawing = canvas.getContext('2d');
  if (drawing === null) return () => null;
  drawing.textBaseline = 'top';
  drawing.font = '16px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  const pixelsIn = (color: string, emoji: string): string => {
    drawing.clearRect(0, 0, 20, 20);
    drawing.fillStyle = color;
    drawing.fillText(emoji, 0, 2);
    const { data } = drawing.getImageData(0, 0, 20, 20);
    return data.some((value) => value !== 0) ? data.join() : `nothing in ${color}`;
  };
  return (emoji) => pixelsIn('#f00', emoji) === pixelsIn('#00f', emoji);
}
