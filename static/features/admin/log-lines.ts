import type { AdminLogLine } from '#contract/admin.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { append, h, replaceContent } from '../../ui/h.ts';

/** More than this would only slow the page down; the files hold the rest. */
export const linesShownMax = 500;

export type LogLines = {
  /** The box of the lines, and what stands there while there are none. */
  readonly elements: readonly HTMLElement[];
  /** Adds lines below the others, or puts them in their place; follows the end unless somebody has scrolled up to read. */
  show: (lines: readonly AdminLogLine[], isFresh: boolean) => void;
};

/** The newest lines of the log, oldest first. */
export function createLogLines(locale: AdminLocale): LogLines {
  const list = h('ol', { class: 'log__lines', role: 'list' });
  const box = h(
    'div',
    { class: 'log__box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('log.lines') },
    list,
  );
  const empty = h(
    'div',
    { hidden: true },
    emptyState({ icon: 'scroll-text', title: locale.say('log.none'), text: locale.say('log.noneText') }),
  );
  return {
    elements: [box, empty],
    show(lines, isFresh) {
      const isAtEnd = isFresh || box.scrollHeight - box.scrollTop - box.clientHeight < 40;
      if (isFresh) replaceContent(list);
      append(list, ...lines.map((line) => lineElement(locale, line)));
      while (list.childElementCount > linesShownMax) list.firstElementChild?.remove();
      empty.hidden = list.childElementCount > 0;
      box.hidden = !empty.hidden;
      if (isAtEnd) box.scrollTop = box.scrollHeight;
    },
  };
}

const lineElement = (locale: AdminLocale, { at, level, area, text }: AdminLogLine): HTMLElement =>
  h(
    'li',
    { class: `log__line log__line--${level}` },
    h('time', { class: 'log__time', title: locale.full(at) }, locale.clock(at)),
    h('span', { class: 'log__level' }, level),
    h('span', { class: 'log__area' }, area),
    h('span', { class: 'log__text' }, unfolded(text)),
  );

/** The frames of an error stand below each other; in the file they are one line. A path's own backslashes come in twos. */
const unfolded = (text: string): string =>
  text.replace(/\\\\|\\n/g, (escaped) => (escaped === '\\n' ? '\n' : escaped));
