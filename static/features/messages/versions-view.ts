import { h, replaceContent } from '../../ui/h.ts';
import { openDialog } from '../../ui/dialog.ts';
import { skeletonBubbles } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { contentPreview } from './content-preview.ts';
import type { OpenedVersion } from './editing-actions.ts';
import type { MessageContent, MessageEntry } from './message-state.ts';
import { messageText } from './message-text.ts';

/** What a message said before it was edited, the present text first. */
export function openVersions(context: PageContext, entry: MessageEntry): void {
  const { app, locale } = context;
  const list = h('ol', { class: 'versions' });
  const body = h('div', {}, skeletonBubbles(locale.t('common.loading')));
  openDialog({
    title: locale.t('message.versionsTitle'),
    closeLabel: locale.t('common.close'),
    body: [body],
  });
  const row = (at: number, content: MessageContent, label: string): HTMLElement =>
    h(
      'li',
      { class: 'versions__row' },
      h('div', { class: 'versions__head' }, `${label} · ${locale.full(at)}`),
      content.state === 'open'
        ? messageText(content.text, context)
        : h('p', { class: 'versions__closed' }, contentPreview(content, locale)),
    );
  const show = (versions: readonly OpenedVersion[]): void => {
    const { editedAt, sentAt } = entry.message;
    replaceContent(
      list,
      row(editedAt ?? sentAt, entry.content, locale.t('message.versionNow')),
      ...[...versions].reverse().map(({ n, at, content }) => {
        const label =
          n === 0 ? locale.t('message.versionFirst') : locale.t('message.versionEdited', { count: n });
        return row(at, content, label);
      }),
    );
    replaceContent(body, list);
  };
  const load = async (): Promise<void> => {
    const result = await app.actions.editing.versions(entry.message);
    if (result.ok) show(result.value);
    else replaceContent(body, h('p', { class: 'dialog__text' }, locale.failure(result)));
  };
  drop(load());
}
