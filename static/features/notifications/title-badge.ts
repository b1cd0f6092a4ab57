/** The number of unread messages in the page's title and on its icon: works everywhere, also without notifications. */
import { drop } from '../../state/drop.ts';
import { createDelayed } from '../../state/timers.ts';
import type { Timers } from '../../state/timers.ts';
import { badgeText, titleWithUnread } from './notification-state.ts';

const iconSize = 64;
const delayMs = 100;

/** Returns how to show a number. The icon is drawn on a canvas; a browser that refuses one keeps the plain icon. */
export const createTitleBadge = (page: Document, timers: Timers): ((unread: number) => void) => {
  const plainTitle = page.title;
  const icons = createIconLinks(page);
  let shown = 0;
  let wanted = 0;
  let image: Promise<HTMLImageElement | null> | null = null;

  const paintIcon = async (unread: number): Promise<void> => {
    if (icons.address === null) return;
    image ??= loadImage(page, icons.address);
    const picture = await image;
    if (picture === null || unread !== wanted) return;
    const icon = drawBadge(page, picture, badgeText(unread));
    if (icon !== null) icons.showInstead(icon);
  };

  const paint = (): void => {
    if (wanted === shown) return;
    shown = wanted;
    page.title = titleWithUnread(plainTitle, wanted);
    if (wanted === 0) icons.showOwn();
    else drop(paintIcon(wanted));
  };

  // A burst of messages is one new icon: browsers repaint the tab for each.
  const delayed = createDelayed(timers, delayMs, paint);
  return (unread) => {
    wanted = unread;
    delayed.request();
  };
};

/** The page may offer several icons and browsers choose differently: all of them step aside for the drawn one. */
const createIconLinks = (page: Document) => {
  const own = [...page.querySelectorAll<HTMLLinkElement>('link[rel~="icon"]')];
  const drawn = page.createElement('link');
  drawn.rel = 'icon';
  drawn.type = 'image/png';
  return {
    address: own[0]?.getAttribute('href') ?? null,
    showInstead: (address: string): void => {
      for (const link of own) link.remove();
      drawn.href = address;
      page.head.append(drawn);
    },
    showOwn: (): void => {
      drawn.remove();
      page.head.append(...own);
    },
  };
};

const loadImage = (page: Document, address: string): Promise<HTMLImageElement | null> =>
  new Promise((resolve) => {
    const picture = page.createElement('img');
    picture.width = iconSize;
    picture.height = iconSize;
    picture.addEventListener('load', () => resolve(picture));
    picture.addEventListener('error', () => resolve(null));
    picture.src = address;
  });

const drawBadge = (page: Document, picture: HTMLImageElement, text: string): string | null => {
  const canvas = page.createElement('canvas');
  canvas.width = iconSize;
  canvas.height = iconSize;
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  try {
    pen.drawImage(picture, 0, 0, iconSize, iconSize);
    const radius = text.length > 2 ? 22 : 19;
    pen.fillStyle = '#b3261e';
    pen.beginPath();
    pen.arc(iconSize - radius, iconSize - radius, radius, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = '#fff';
    pen.font = `700 ${text.length > 2 ? 20 : 26}px sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(text, iconSize - radius, iconSize - radius + 1);
    return canvas.toDataURL('image/png');
  } catch {
    // Some privacy settings refuse to read a canvas; the title still says it.
    return null;
  }
};
