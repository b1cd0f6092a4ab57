import { h } from './h.ts';
import { icon } from './icon.ts';
import type { IconName } from './icon.ts';

/** Nothing here: a sentence that says so and what to do next. */
export function emptyState(input: {
  icon?: IconName;
  title: string;
  text?: string;
  action?: HTMLElement;
}): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    input.icon !== undefined && h('div', { class: 'empty__art' }, icon(input.icon, 'l')),
    h('p', { class: 'empty__title' }, input.title),
    input.text !== undefined && h('p', { class: 'empty__text' }, input.text),
    input.action,
  );
}
