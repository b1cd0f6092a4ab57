import { button } from '../../ui/button.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { createStore } from '../../state/store.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { View } from '../../ui/view.ts';
import type { AdminBridge } from './admin-bridge.ts';
import type { AdminContext } from './admin-context.ts';

export type WaitingCount = { readonly count: ReadableStore<number>; dispose: () => void };

/** How many accounts wait for an administrator: asked once, then told by the server. */
export function createWaitingCount(bridge: AdminBridge): WaitingCount {
  const count = createStore(0);
  let isTold = false;
  const stop = bridge.on('admin:people-changed', ({ pending }) => {
    isTold = true;
    count.set(pending);
  });
  const ask = async (): Promise<void> => {
    const answer = await bridge.call('admin:people', { limit: 1 });
    // what was told meanwhile is newer
    if (answer.ok && !isTold) count.set(answer.value.counts.pending);
  };
  drop(ask());
  return { count, dispose: stop };
}

/** The number beside a name in the navigation; nothing while nobody waits. */
export function createWaitingBadge({ locale }: AdminContext, { count }: WaitingCount): View {
  const number = h('span', { 'aria-hidden': 'true' });
  const words = h('span', { class: 'visually-hidden' });
  const element = h('span', { class: 'admin__count', hidden: true }, number, words);
  const show = (waiting: number): void => {
    element.hidden = waiting === 0;
    setText(number, locale.number(waiting));
    setText(words, waiting === 0 ? '' : locale.say('overview.waiting', { count: waiting }));
  };
  show(count.get());
  return { element, dispose: count.subscribe((waiting) => waiting, show) };
}

/** The same as a sentence above everything else, with the way to them. */
export function createWaitingNotice({ locale }: AdminContext, { count }: WaitingCount): View {
  const element = h('div', { class: 'overview__waiting' });
  const open = button({
    label: locale.say('overview.showWaiting'),
    size: 'small',
    onClick: () => location.assign('#/people/pending'),
  });
  const show = (waiting: number): void => {
    if (waiting === 0) return replaceContent(element);
    const words = h('span', {}, locale.say('overview.waiting', { count: waiting }));
    return replaceContent(element, notice('warn', words, open));
  };
  show(count.get());
  return { element, dispose: count.subscribe((waiting) => waiting, show) };
}
