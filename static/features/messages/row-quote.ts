/** The message that a row replies to, above its text: whose it is, what it says, and a way to it. */
import { h } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import { contentPreview } from './content-preview.ts';
import type { Quote } from './quote-state.ts';
import type { RowContext } from './row-context.ts';

export function rowQuote({ name, entry }: Quote, context: RowContext): HTMLElement {
  const { locale } = context;
  if (entry === undefined) drop(context.loadQuote(name));
  const [senderUid = ''] = name.split('.');
  const words =
    entry === undefined
      ? locale.t('chat.quoteLoading')
      : entry === null
        ? locale.t('chat.quoteGone')
        : contentPreview(entry.content, locale);
  const jump = (): void => {
    if (entry !== undefined && entry !== null) context.jumpTo(entry.message.seq, name);
  };
  return h(
    'button',
    {
      type: 'button',
      class: entry === null ? 'quote quote--gone' : 'quote',
      disabled: entry === null || entry === undefined,
      on: { click: jump },
    },
    h('span', { class: 'visually-hidden' }, locale.t('chat.quoteOf')),
    h('span', { class: 'quote__who' }, context.nameOf(senderUid)),
    h('span', { class: 'quote__text' }, words),
  );
}
