import { h } from '../../ui/h.ts';
import type { TimelineItem } from './timeline-state.ts';
import type { RowContext } from './row-context.ts';

type Message = Extract<TimelineItem, { kind: 'message' }>;

/** How many have not read a message; a press shows who. */
export function unreadNumber(item: Message, { locale, showReaders }: RowContext): HTMLElement | null {
  if (item.unreadBy === 0) return null;
  const words = locale.t('chat.unreadBy', { count: item.unreadBy });
  return h(
    'button',
    {
      type: 'button',
      class: 'meta__unread',
      title: words,
      'aria-haspopup': 'dialog',
      on: { click: () => showReaders(item.key) },
    },
    // in Korean the number and its counter are one word, so a label would not contain what is seen
    h('span', { 'aria-hidden': 'true' }, item.unreadBy),
    h('span', { class: 'visually-hidden' }, words),
  );
}
