import { h } from './h.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';
import { roveFocus, setTabStop } from './roving-focus.ts';

export type MenuItem = {
  label: string;
  icon?: IconName;
  isDanger?: boolean;
  /** One of several, of which one is chosen. */
  isChecked?: boolean;
  onClick: () => void;
};

const margin = 8;

/** What stands above the items; its `items` are reached by the arrow keys before them. */
export type MenuHead = { element: HTMLElement; items: readonly HTMLElement[] };

/** Opens a menu beside `anchor`; Escape, Tab and a press elsewhere close it, and the focus goes back. */
export function openMenu(
  anchor: HTMLElement,
  label: string,
  items: readonly MenuItem[],
  head: MenuHead | null = null,
): () => void {
  const own = items.map((item) =>
    h(
      'button',
      {
        type: 'button',
        class: item.isDanger === true ? 'menu__item menu__item--danger' : 'menu__item',
        role: item.isChecked === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': item.isChecked === undefined ? null : String(item.isChecked),
        tabindex: -1,
        on: {
          click: () => {
            close();
            item.onClick();
          },
        },
      },
      item.icon !== undefined && icon(item.icon, 's'),
      item.isChecked === true && icon('check', 's'),
      item.label,
    ),
  );
  const rows = [...(head?.items ?? []), ...own];
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, head?.element, ...own);
  roveFocus(menu, () => rows);

  const onPointerDown = (event: Event): void => {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  };
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });

  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    document.removeEventListener('mousedown', onPointerDown, true);
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    if (anchor.isConnected) anchor.focus();
  };

  // Inside the anchor's part of the page, so that it belongs to a landmark (and to its dialog's focus trap).
  const part = anchor.closest('[aria-modal], main, aside, nav') ?? document.body;
  part.appendChild(menu);
  place(menu, anchor, part);
  anchor.setAttribute('aria-expanded', 'true');
  document.addEventListener('mousedown', onPointerDown, true);
  setTabStop(rows, rows[0]);
  rows[0]?.focus();
  return close;
}

/** Below its anchor or above it, its right edge at the anchor's, unless it would then lie on what is left of its part. */
function place(menu: HTMLElement, anchor: HTMLElement, part: Element): void {
  const at = anchor.getBoundingClientRect();
  const fromRight = at.right - menu.offsetWidth;
  const wanted = fromRight < part.getBoundingClientRect().left ? at.left : fromRight;
  const left = Math.max(margin, Math.min(wanted, innerWidth - menu.offsetWidth - margin));
  const below = at.bottom + 4;
  const fits = below + menu.offsetHeight <= innerHeight - margin;
  const top = fits ? below : Math.max(margin, at.top - menu.offsetHeight - 4);
  menu.style.setProperty('left', `${left}px`);
  menu.style.setProperty('top', `${top}px`);
}
