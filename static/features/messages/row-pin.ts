/** The mark of a message that is pinned, or the room's notice. */
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { Message } from '#contract/messages.ts';
import type { RowContext } from './row-context.ts';

export function pinMark({ pin }: Message, { locale }: RowContext): HTMLElement | null {
  if (pin === undefined) return null;
  const words = locale.t(pin.notice === undefined ? 'chat.pinned' : 'chat.notice');
  return h(
    'span',
    { class: 'meta__mark', title: words },
    icon('pin', 'xs'),
    h('span', { class: 'visually-hidden' }, words),
  );
}
