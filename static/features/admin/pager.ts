import type { AdminLocale } from '../../locales/admin-locale.ts';
import { button } from '../../ui/button.ts';
import { h, setText } from '../../ui/h.ts';

export type Pager<Cursor> = {
  readonly element: HTMLElement;
  /** Where the page that is shown begins; undefined for the first one. */
  cursor: () => Cursor | undefined;
  /** How many rows the pages before this one had. */
  before: () => number;
  /** After an answer: `next` is where the following page begins. */
  show: (page: { shown: number; total: number | null; next: Cursor | null }) => void;
  /** Back to the first page, for another question. */
  reset: () => void;
};

/** Earlier and later pages of a list that the server gives from a cursor on; hidden while one page holds everything. */
export function createPager<Cursor>(locale: AdminLocale, onTurn: () => void): Pager<Cursor> {
  /** Where each page up to the shown one begins, and how many rows stand before it. */
  let pages: { cursor: Cursor | undefined; before: number }[] = [{ cursor: undefined, before: 0 }];
  let following: { cursor: Cursor; before: number } | null = null;
  const range = h('span', { class: 'pager__range' });
  const earlier = button({
    label: locale.say('pager.earlier'),
    size: 'small',
    onClick: () => {
      pages = pages.slice(0, -1);
      onTurn();
    },
  });
  const later = button({
    label: locale.say('pager.later'),
    size: 'small',
    onClick: () => {
      if (following === null) return;
      pages = [...pages, following];
      following = null;
      onTurn();
    },
  });
  const element = h(
    'nav',
    { class: 'pager', 'aria-label': locale.say('pager.label'), hidden: true },
    range,
    h('span', { class: 'pager__buttons' }, earlier, later),
  );
  const current = () => pages[pages.length - 1] ?? { cursor: undefined, before: 0 };
  return {
    element,
    cursor: () => current().cursor,
    before: () => current().before,
    show: ({ shown, total, next }) => {
      const { before } = current();
      following = next === null ? null : { cursor: next, before: before + shown };
      const isFirst = pages.length === 1;
      // the button under the keyboard must not go off below it
      const { activeElement: focused } = document;
      earlier.disabled = isFirst;
      later.disabled = following === null;
      if (focused === later && following === null) earlier.focus();
      if (focused === earlier && isFirst) later.focus();
      element.hidden = isFirst && following === null;
      const first = locale.number(shown === 0 ? before : before + 1);
      const last = locale.number(before + shown);
      setText(
        range,
        total === null
          ? locale.say('pager.range', { first, last })
          : locale.say('pager.rangeOf', { first, last, total: locale.number(total) }),
      );
    },
    reset: () => {
      pages = [{ cursor: undefined, before: 0 }];
      following = null;
    },
  };
}
