/** What the composer is doing beside writing something new: answering a message, or changing one of one's own. */
import { h, replaceContent } from '../../ui/h.ts';
import { iconButton } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';
import { personName } from '../../ui/person-label.ts';
import { contentPreview } from './content-preview.ts';
import type { MessageEntry } from './message-state.ts';

export type ComposerMode =
  | { kind: 'new' }
  | { kind: 'reply'; entry: MessageEntry }
  /** `draft` is what was being written before, and comes back afterwards. */
  | { kind: 'edit'; entry: MessageEntry; draft: string };

export type ModeBar = { readonly element: HTMLElement; show: (mode: ComposerMode) => void };

/** The bar above the box: what is answered or changed, and a way out of it. */
export function createModeBar({ app, locale }: PageContext, onCancel: () => void): ModeBar {
  const element = h('div', { class: 'mode', hidden: true });
  const show = (mode: ComposerMode): void => {
    element.hidden = mode.kind === 'new';
    if (mode.kind === 'new') return;
    const { message, content } = mode.entry;
    const name = personName(locale, app.stores.people.get().byUid.get(message.senderUid));
    const isReply = mode.kind === 'reply';
    replaceContent(
      element,
      icon(isReply ? 'reply' : 'pencil', 's'),
      h(
        'div',
        { class: 'mode__words' },
        h('b', {}, isReply ? locale.t('chat.replyTo', { name }) : locale.t('chat.editing')),
        h('span', { class: 'mode__text' }, contentPreview(content, locale)),
      ),
      iconButton({ icon: 'x', label: locale.t('common.cancel'), onClick: onCancel }),
    );
  };
  return { element, show };
}
