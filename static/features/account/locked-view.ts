import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { meOf } from './account-state.ts';
import type { AccountState } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';

/** The session lives, but this browser cannot open the vault: the password is asked for once. */
export function createLockedView(context: PageContext, onSignOut: () => void): View {
  const { app, locale, later } = context;
  const openForgot = (): void => later.use('forgot', (piece) => piece.openForgotPassword(context));
  const disposables = createDisposables();
  const me = meOf(app.stores.account.get());
  const password = createField({
    label: locale.t('signIn.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  const problem = createFormNotice();
  const submit = button({ label: locale.t('signIn.unlock'), kind: 'primary', size: 'wide', type: 'submit' });
  const busy = createBusyLine();

  const unlock = async (): Promise<void> => {
    if (submit.disabled || password.input.value === '') return;
    problem.show(null);
    const result = await app.actions.account.unlock(password.input.value);
    if (result.ok) return;
    problem.show(locale.failure(result));
    password.input.focus();
    password.input.select();
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(unlock());
  };
  const element = h(
    'div',
    {},
    h('h1', { class: 'entrance__title' }, locale.t('signIn.locked')),
    h('p', { class: 'entrance__lead' }, locale.t('signIn.lockedText', { name: me?.displayName ?? '' })),
    h(
      'form',
      { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
      h('input', {
        class: 'visually-hidden',
        name: 'username',
        autocomplete: 'username',
        value: me?.username ?? '',
        tabindex: -1,
        'aria-hidden': 'true',
        readonly: true,
      }),
      problem.element,
      password.element,
      submit,
      busy.element,
    ),
    h(
      'div',
      { class: 'entrance__links' },
      button({ label: locale.t('signIn.forgot'), kind: 'link', onClick: openForgot }),
      button({ label: locale.t('signIn.otherAccount'), kind: 'link', onClick: onSignOut }),
    ),
  );
  const isBusy = (state: AccountState): boolean => state.phase.name === 'locked' && state.phase.isBusy;
  const showBusy = (on: boolean): void => {
    submit.disabled = on;
    busy.show(on ? locale.t('signIn.busy') : null);
  };
  disposables.add(app.stores.account.subscribe(isBusy, showBusy));
  showBusy(isBusy(app.stores.account.get()));
  return { element, dispose: disposables.dispose };
}
