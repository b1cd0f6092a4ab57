import { h } from '../../ui/h.ts';
import { setTabStop } from '../../ui/roving-focus.ts';
import type { Language } from '../../locales/locale.ts';
import type { Emoji } from './emoji-list.ts';

/** Emojis in rows: one Tab stop, the arrow keys go in all four directions. */
export function emojiGrid(
  emojis: readonly Emoji[],
  language: Language,
  label: string,
  onPick: (emoji: string) => void,
): HTMLElement {
  const buttons = emojis.map(({ emoji, names }, index) =>
    h(
      'button',
      {
        type: 'button',
        class: 'emoji-picker__emoji',
        title: names[language],
        'aria-label': names[language],
        tabindex: index === 0 ? 0 : -1,
        'data-emoji': emoji,
      },
      emoji,
    ),
  );
  const grid = h('div', { class: 'emoji-picker__grid', role: 'group', 'aria-label': label }, ...buttons);
  // One listener for hundreds of buttons.
  grid.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-emoji]') : null;
    const emoji = button?.dataset['emoji'];
    if (emoji !== undefined) onPick(emoji);
  });
  grid.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = buttons.findIndex((button) => button === document.activeElement);
    const target = buttons[nextPlace(event.key, at, buttons)];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    setTabStop(buttons, target);
    target.focus();
  });
  return grid;
}

/** Where a key leads; -1 for nowhere. */
function nextPlace(key: string, at: number, buttons: readonly HTMLElement[]): number {
  const top = buttons[0]?.offsetTop;
  const found = buttons.findIndex(({ offsetTop }) => offsetTop !== top);
  const columns = found < 0 ? buttons.length : found;
  switch (key) {
    case 'ArrowRight':
      return at + 1;
    case 'ArrowLeft':
      return at - 1;
    case 'ArrowDown':
      return at + columns;
    case 'ArrowUp':
      return at - columns;
    case 'Home':
      return 0;
    case 'End':
      return buttons.length - 1;
    default:
      return -1;
  }
}
