import { append, h, replaceContent } from '../../ui/h.ts';
import { splitLinks } from '../../ui/linked-text.ts';
import type { PageContext } from '../../page-context.ts';
import { hasFormat, withFormat } from './text-format.ts';

/** A text that may be higher than the fold. */
const foldedCharacters = 250;
const foldedLines = 12;
/** The fold is at 330 px; to hide less than a few lines is not worth a press. */
const foldedAbovePx = 460;

/** A message's text as nodes: line breaks kept, addresses as links, formatting as soon as its code is there; a high one is folded. */
export function messageText(
  text: string,
  { locale, later }: Pick<PageContext, 'locale' | 'later'>,
  mark: (element: HTMLElement) => void = () => undefined,
): HTMLElement {
  const element = h('div', { class: 'bubble__text' });
  const fold = isLong(text) ? createFold(element, locale) : null;
  appendLinked(element, text);
  mark(element);
  if (hasFormat(text)) {
    withFormat(later, (format) => {
      replaceContent(element, ...format(text));
      mark(element);
      fold?.judge();
    });
  }
  fold?.judge();
  return fold?.element ?? element;
}

/** Folds a text that turns out to be high. The height is known once the row is in the page, a moment after it was made. */
function createFold(text: HTMLElement, locale: PageContext['locale']) {
  const element = h('div', {}, text);
  let toggle: HTMLElement | null = null;
  const show = (): void => {
    if (toggle !== null || text.scrollHeight <= foldedAbovePx) return;
    text.classList.add('bubble__text--folded');
    toggle = h(
      'button',
      { type: 'button', class: 'bubble__fold', 'aria-expanded': 'false' },
      locale.t('common.more'),
    );
    toggle.addEventListener('click', () => {
      const isFolded = text.classList.toggle('bubble__text--folded');
      toggle?.setAttribute('aria-expanded', isFolded ? 'false' : 'true');
      if (toggle !== null) toggle.textContent = locale.t(isFolded ? 'common.more' : 'common.less');
    });
    element.appendChild(toggle);
  };
  // Rows are put into the page by the task that makes them; right after it, and before anything is painted, they have a height.
  return { element, judge: (): void => queueMicrotask(show) };
}

function isLong(text: string): boolean {
  if (text.length > foldedCharacters) return true;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > foldedLines;
}

function appendLinked(element: HTMLElement, text: string): void {
  for (const part of splitLinks(text)) {
    if (part.kind === 'text') append(element, part.text);
    else {
      append(
        element,
        h('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, part.text),
      );
    }
  }
}
