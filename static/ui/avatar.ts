import { h } from './h.ts';

const toneCount = 12;

/** The same tone for the same id, everywhere and for ever. */
function toneOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9_973;
  return (sum % toneCount) + 1;
}

/** The first visible character of a name (a whole emoji or syllable), in capitals. */
function initialOf(name: string): string {
  const first = Array.from(name.trim())[0];
  return first === undefined ? '·' : first.toLocaleUpperCase();
}

export type AvatarInput = {
  id: string;
  name: string;
  isOnline?: boolean;
  /** Online, but not at the screen: the dot is a ring. */
  isAway?: boolean;
  size?: 's' | 'm' | 'l';
  /** Address of a picture that covers the letter; without it, or if it cannot be had, the letter is seen. */
  picture?: string | null;
};

/** A coloured initial. It is decoration: the name always stands beside it, so screen readers skip it. */
export function avatar({
  id,
  name,
  isOnline = false,
  isAway = false,
  size = 'm',
  picture = null,
}: AvatarInput): HTMLElement {
  const sizeClass = size === 'm' ? '' : ` avatar--${size}`;
  return h(
    'span',
    { class: `avatar avatar--tone-${toneOf(id)}${sizeClass}`, 'aria-hidden': 'true' },
    initialOf(name),
    picture !== null && pictureImage(picture),
    isOnline && h('span', { class: isAway ? 'avatar__dot avatar__dot--away' : 'avatar__dot' }),
  );
}

function pictureImage(src: string): HTMLImageElement {
  const image = h('img', { class: 'avatar__picture', src, alt: '', draggable: 'false' });
  image.addEventListener('error', () => image.remove());
  return image;
}
