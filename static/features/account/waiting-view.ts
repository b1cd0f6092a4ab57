import { button } from '../../ui/button.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { notice } from '../../ui/notice.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { AccountState } from './account-state.ts';

/** The account is made and waits for an administrator: what happens next, and that nothing has to be done. */
export function createWaitingView({ app, locale }: PageContext): View {
  const { account } = app.stores;
  const { phase } = account.get();
  const name = phase.name === 'waiting' ? phase.username : '';
  const state = h('div', { class: 'waiting__state', role: 'status' });
  const isAway = (present: AccountState): boolean =>
    present.phase.name === 'waiting' && present.phase.isServerAway;
  const show = (isServerAway: boolean): void => {
    if (isServerAway) return replaceContent(state, notice('warn', locale.t('waiting.away')));
    return replaceContent(
      state,
      h('div', { class: 'progress', 'aria-hidden': 'true' }, h('div', { class: 'progress__bar' })),
      h('p', { class: 'busy__text' }, locale.t('waiting.state')),
    );
  };
  show(isAway(account.get()));
  const element = h(
    'div',
    { class: 'waiting' },
    h('div', { class: 'waiting__art' }, icon('clock', 'l')),
    h('h1', { class: 'entrance__title', tabindex: -1 }, locale.t('waiting.title')),
    h('p', { class: 'entrance__lead' }, locale.t('waiting.lead', { name })),
    h('p', { class: 'waiting__text' }, locale.t('waiting.text')),
    state,
    h(
      'div',
      { class: 'entrance__links' },
      button({ label: locale.t('waiting.other'), kind: 'link', onClick: app.actions.account.leaveWaiting }),
    ),
  );
  queueMicrotask(() => element.querySelector('h1')?.focus());
  return { element, dispose: account.subscribe(isAway, show) };
}
