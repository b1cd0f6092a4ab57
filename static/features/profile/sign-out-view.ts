import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { unsentCount } from '../../connection/outbox-state.ts';
import type { PageContext } from '../../page-context.ts';

/** Asks before a sign-out wipes this browser, and plainly when unsent messages would be lost. */
export function openSignOut({ app, locale }: PageContext): void {
  const unsent = unsentCount(app.stores.outbox.get());
  const problem = createFormNotice();
  const signOut = async (): Promise<void> => {
    confirm.disabled = true;
    const result = await app.actions.account.signOut({ evenIfUnsent: unsent > 0 });
    confirm.disabled = false;
    if (result.ok) dialog.close();
    else problem.show(locale.failure(result));
  };
  const confirm = button({
    label: locale.t(unsent > 0 ? 'profile.signOutAnyway' : 'profile.signOut'),
    kind: unsent > 0 ? 'danger-solid' : 'primary',
    onClick: () => drop(signOut()),
  });
  const dialog = openDialog({
    title: locale.t('profile.signOutTitle'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      problem.element,
      h('p', { class: 'dialog__text' }, locale.t('profile.signOutText')),
      unsent > 0 && notice('bad', locale.t('profile.signOutUnsent', { count: unsent })),
    ],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), confirm],
    focus: confirm,
  });
}
