import { h } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';

/** The head of an administrator's page: its name, a line below it, controls on the right. */
export const pageHead = (title: string, lead: Child[], controls: Child[] = []): HTMLElement =>
  h(
    'div',
    { class: 'page-head' },
    h(
      'div',
      { class: 'page-head__words' },
      h('h1', { class: 'page-head__title' }, title),
      lead.length > 0 && h('p', { class: 'page-head__lead' }, ...lead),
    ),
    controls.some((control) => control !== null) && h('div', { class: 'page-head__controls' }, ...controls),
  );
