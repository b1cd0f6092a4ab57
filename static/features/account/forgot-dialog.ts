import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import type { PageContext } from '../../page-context.ts';

/** Says whom to ask; promises nothing that this release cannot do. */
export function openForgotPassword({ locale }: PageContext): void {
  const done = button({ label: locale.t('common.close'), kind: 'primary', onClick: () => dialog.close() });
  const dialog = openDialog({
    title: locale.t('signIn.forgotTitle'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      h('p', { class: 'dialog__text' }, locale.t('signIn.forgotText')),
      h('p', { class: 'dialog__text' }, locale.t('signIn.forgotSheet')),
    ],
    foot: [done],
    focus: done,
  });
}
