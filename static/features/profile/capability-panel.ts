import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { View } from '../../ui/view.ts';
import type { Capability } from '../../state/capabilities.ts';
import type { PageContext } from '../../page-context.ts';

/** What this browser can do at this address, and what is used instead. */
export function createCapabilityPanel({ app, locale }: PageContext): View {
  const words = { full: 'here.works', substitute: 'here.instead', missing: 'here.missing' } as const;
  const row = ({ name, level }: Capability): HTMLElement =>
    h(
      'li',
      { class: `rung rung--${level}` },
      icon(level === 'full' ? 'check' : level === 'substitute' ? 'rotate-cw' : 'x', 's'),
      h(
        'span',
        { class: 'rung__words' },
        h('span', { class: 'rung__name' }, locale.t(`here.name.${name}`)),
        level !== 'full' && h('span', { class: 'rung__why' }, locale.t(`here.not.${name}`)),
      ),
      h('span', { class: 'rung__level' }, locale.t(words[level])),
    );
  const element = h(
    'div',
    {},
    h('h3', { class: 'panel__title' }, locale.t('here.title')),
    h('p', { class: 'dialog__text' }, locale.t('here.intro')),
    h('ul', { class: 'rungs', role: 'list' }, ...app.capabilities.list.map(row)),
  );
  return { element, dispose: () => undefined };
}
