import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { createField } from '../../ui/field.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { meOf } from '../account/account-state.ts';
import { createRecoveryCard } from '../trust/recovery-card.ts';

/** What the panel opens: dialogs of the account. */
export type SecurityDialogs = { makeSheet: () => void; changePassword: () => void; oldSheet: () => void };

/** Whether everything can be recovered, the recovery sheet and the password, when the keys last changed, and the way out for good. */
export function createSecurityPanel(context: PageContext, on: SecurityDialogs): View {
  const { app, locale } = context;
  const { keysChangedAt } = app.stores.account.get();
  // Only after a reset can there be keys that are not in the vault.
  const hasOldKeys = (meOf(app.stores.account.get())?.identityVersion ?? 1) > 1;
  const recovery = createRecoveryCard(context, on.makeSheet);
  const element = h(
    'div',
    {},
    h('h3', { class: 'panel__title' }, locale.t('recovery.title')),
    recovery.element,
    h('h3', { class: 'panel__title' }, locale.t('profile.sheet')),
    h('p', { class: 'dialog__text' }, locale.t('profile.sheetText')),
    button({ label: locale.t('profile.newSheet'), icon: 'key-round', onClick: on.makeSheet }),
    keysChangedAt !== null &&
      h('p', { class: 'panel__fact' }, locale.t('profile.keysChanged', { date: locale.full(keysChangedAt) })),
    hasOldKeys &&
      h('div', {}, button({ label: locale.t('oldSheet.title'), kind: 'link', onClick: () => on.oldSheet() })),
    h('h3', { class: 'panel__title panel__title--later' }, locale.t('signIn.password')),
    button({
      label: locale.t('password.change'),
      icon: 'key-round',
      onClick: () => on.changePassword(),
    }),
    h('h3', { class: 'panel__title panel__title--later' }, locale.t('trust.ownDigits')),
    h('p', { class: 'dialog__text' }, locale.t('trust.ownDigitsText')),
    button({
      label: locale.t('trust.digitsMake'),
      icon: 'eye',
      onClick: () => context.later.use('trust', ({ trustParts }) => trustParts.openOwnDigits(context)),
    }),
    h('h3', { class: 'panel__title panel__title--later' }, locale.t('profile.delete')),
    h('p', { class: 'dialog__text' }, locale.t('profile.deleteText')),
    button({
      label: locale.t('profile.delete'),
      icon: 'trash-2',
      kind: 'danger',
      onClick: () => openDelete(context),
    }),
  );
  return { element, dispose: recovery.dispose };
}

function openDelete({ app, locale }: PageContext): void {
  const password = createField({
    label: locale.t('signIn.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  openConfirm({
    locale,
    title: locale.t('profile.delete'),
    text: [locale.t('profile.deleteText')],
    confirmLabel: locale.t('profile.deleteConfirm'),
    isDanger: true,
    extra: [password.element],
    onConfirm: () => app.actions.account.deleteAccount(password.input.value),
  });
}
