import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import { isSealed } from '../../connection/outbox-state.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { RowContext } from './row-context.ts';
import type { TimelineItem } from './timeline-state.ts';
import { waitingText } from './waiting-text.ts';

/** The clock, the check or the warning beside an own message that has no stored row yet. */
export function outboxMeta(
  row: Extract<TimelineItem, { kind: 'outbox' }>,
  { locale }: RowContext,
): HTMLElement {
  const { state } = row.item;
  const words = stateWords(row.item, locale);
  const at = state.name === 'sent' ? state.sentAt : row.item.composedAt;
  return h(
    'div',
    { class: state.name === 'failed' ? 'meta meta--failed' : 'meta' },
    h(
      'span',
      { class: 'meta__state', title: words },
      icon(stateIcon(state.name), 'xs'),
      h('span', { class: 'visually-hidden' }, words),
    ),
    row.isGroupEnd && h('span', { class: 'meta__time' }, locale.time(at)),
  );
}

const stateIcon = (name: OutboxItem['state']['name']) =>
  name === 'waiting' ? 'clock' : name === 'sent' ? 'check' : 'circle-alert';

function stateWords({ state }: OutboxItem, locale: RowContext['locale']): string {
  switch (state.name) {
    case 'waiting':
      return waitingText(state, locale) ?? locale.t('chat.waiting');
    case 'sent':
      return locale.t('chat.sent');
    case 'failed':
      return locale.t('chat.failed');
    default:
      return state satisfies never;
  }
}

const againButtons = (clientId: string, { locale, retry, takeBack }: RowContext): HTMLElement[] => [
  button({
    label: locale.t('chat.retry'),
    size: 'small',
    icon: 'rotate-cw',
    onClick: () => retry(clientId),
  }),
  button({
    label: locale.t('chat.takeBack'),
    size: 'small',
    icon: 'pencil',
    onClick: () => takeBack(clientId),
  }),
];

/** Below a failed message: why, and what can be done. Below the last of those that wait: for what, and until when. */
export function outboxActions(
  row: Extract<TimelineItem, { kind: 'outbox' }>,
  context: RowContext,
): HTMLElement | null {
  const { locale } = context;
  const { state, clientId } = row.item;
  if (state.name === 'waiting') {
    const words = waitingText(state, locale);
    // Said once for a burst; each one's clock has it as well.
    return words === null || !row.isWaitEnd ? null : h('div', { class: 'message__why' }, words);
  }
  if (state.name !== 'failed') return null;
  return h(
    'div',
    { class: 'message__failed' },
    h(
      'p',
      { class: 'message__reason', role: 'alert' },
      `${locale.t('chat.failed')}. ${locale.failure({ code: state.reason })}`,
    ),
    h(
      'div',
      { class: 'button-row' },
      ...(isSealed(row.item) ? [] : againButtons(clientId, context)),
      button({
        label: locale.t('chat.discard'),
        size: 'small',
        icon: 'trash-2',
        kind: 'danger',
        onClick: () => context.discard(clientId),
      }),
    ),
  );
}
