/** The six that most people react with. */
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';
import { quickEmojis } from './quick-emojis.ts';

export const quickButtons = (onPick: (emoji: string) => void, className: string): HTMLElement[] =>
  quickEmojis.map((emoji) =>
    h('button', { type: 'button', class: className, on: { click: () => onPick(emoji) } }, emoji),
  );

/** The top of a message's menu: the six, and a button for all others. Each is an item of the menu. */
export function quickRow(
  { locale }: PageContext,
  on: { pick: (emoji: string) => void; more: () => void },
): { element: HTMLElement; items: HTMLElement[] } {
  const label = locale.t('reactions.pick');
  const more = h(
    'button',
    { type: 'button', class: 'quick-row__emoji', title: label, 'aria-label': label, on: { click: on.more } },
    icon('smile-plus', 's'),
  );
  const items = [...quickButtons(on.pick, 'quick-row__emoji'), more];
  for (const item of items) {
    item.setAttribute('role', 'menuitem');
    item.tabIndex = -1;
  }
  return {
    element: h(
      'div',
      { class: 'quick-row', role: 'group', 'aria-label': locale.t('reactions.quick') },
      ...items,
    ),
    items,
  };
}
