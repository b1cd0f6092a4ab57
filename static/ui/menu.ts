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
  /** A line above it parts it from what is of another kind. */
  startsGroup?: boolean;
  onClick: () => void;
};

const margin = 8;

/** What stands above the items; its `items` are reached by the arrow keys before them. */
export type MenuHead = { element: HTMLElement; items: readonly HTMLElement[] };

/** Rows that are seldom wanted: one row, called `label`, stands for them until it is pressed. */
export type MenuFold = { label: string; items: readonly MenuItem[] };

export type MenuParts = { head?: MenuHead | null; fold?: MenuFold | null };

/** Opens a menu beside `anchor`; Escape, Tab and a press elsewhere close it, and the focus goes back. */
export function openMenu(
  anchor: HTMLElement,
  label: string,
  items: readonly MenuItem[],
  { head = null, fold = null }: MenuParts = {},
): () => void {
  const menu = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, head?.element);
  const choose = (item: MenuItem): void => {
    close();
    item.onClick();
  };
  const rows = [...(head?.items ?? []), ...addRows(menu, items, choose)];
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
  if (fold !== null) addFold(menu, fold, { rows, choose, place: () => place(menu, anchor, part) });
  place(menu, anchor, part);
  anchor.setAttribute('aria-expanded', 'true');
  document.addEventListener('mousedown', onPointerDown, true);
  setTabStop(rows, rows[0]);
  rows[0]?.focus();
  return close;
}

function addRows(
  menu: HTMLElement,
  items: readonly MenuItem[],
  choose: (item: MenuItem) => void,
): HTMLElement[] {
  return items.map((item) => {
    const row = h(
      'button',
      {
        type: 'button',
        class: item.isDanger === true ? 'menu__item menu__item--danger' : 'menu__item',
        role: item.isChecked === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': item.isChecked === undefined ? null : String(item.isChecked),
        tabindex: -1,
        on: { click: () => choose(item) },
      },
      item.icon !== undefined && icon(item.icon, 's'),
      item.isChecked === true && icon('check', 's'),
      item.label,
    );
    if (item.startsGroup === true) menu.appendChild(h('div', { class: 'menu__line', role: 'separator' }));
    menu.appendChild(row);
    return row;
  });
}

type Unfolding = { rows: HTMLElement[]; choose: (item: MenuItem) => void; place: () => void };

/** The row that stands for the folded ones; pressed, they take its place and the focus. */
function addFold(menu: HTMLElement, fold: MenuFold, { rows, choose, place: placeAgain }: Unfolding): void {
  const unfold = (): void => {
    more?.remove();
    rows.pop();
    const added = addRows(menu, fold.items, choose);
    rows.push(...added);
    placeAgain();
    setTabStop(rows, added[0]);
    added[0]?.focus();
  };
  const item: MenuItem = { label: fold.label, icon: 'chevron-down', startsGroup: true, onClick: unfold };
  const [more] = addRows(menu, [item], unfold);
  if (more === undefined) return;
  more.setAttribute('aria-expanded', 'false');
  rows.push(more);
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
