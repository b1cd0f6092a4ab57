import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { unsentCount } from '../../connection/outbox-state.ts';
import type { PageContext } from '../../page-context.ts';
import { recoveryWarning } from '../trust/recovery-warning.ts';

/** Asks before a sign-out wipes this browser, and plainly when keys or unsent messages could be lost. */
export function openSignOut(context: PageContext): void {
  const { app, locale } = context;
  const warning = recoveryWarning(context, 'sign-out');
  const unsent = unsentCount(app.stores.outbox.get());
  const problem = createFormNotice();
  const signOut = async (): Promise<void> => {
    confirm.disabled = true;
    const result = await app.actions.account.signOut({ evenIfUnsent: unsent > 0 });
    confirm.disabled = false;
    if (result.ok) dialog.close();
    else problem.show(locale.failure(result));
  };
  const isCostly = unsent > 0 || warning !== null;
  const confirm = button({
    label: locale.t(unsent > 0 ? 'profile.signOutAnyway' : 'profile.signOut'),
    kind: isCostly ? 'danger-solid' : 'primary',
    onClick: () => drop(signOut()),
  });
  const cancel = button({ label: locale.t('common.cancel'), onClick: () => dialog.close() });
  const dialog = openDialog({
    title: locale.t('profile.signOutTitle'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      problem.element,
      h('p', { class: 'dialog__text' }, locale.t('profile.signOutText')),
      warning,
      unsent > 0 && notice('bad', locale.t('profile.signOutUnsent', { count: unsent })),
    ],
    foot: [cancel, confirm],
    // Where something can be lost a stray Enter must do nothing.
    focus: isCostly ? cancel : confirm,
  });
}
