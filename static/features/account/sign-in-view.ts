import { append, h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { AccountPhase, AccountState } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';

export type SignInViewDeps = { context: PageContext; username: string; onSignUp: () => void };

export function createSignInView({ context, username, onSignUp }: SignInViewDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const name = createField({
    label: locale.t('signIn.username'),
    name: 'username',
    autocomplete: 'username',
    value: username,
    maxLength: 200,
  });
  const password = createField({
    label: locale.t('signIn.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    maxLength: 256,
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  const problem = createFormNotice();
  const submit = button({ label: locale.t('signIn.submit'), kind: 'primary', size: 'wide', type: 'submit' });
  const busy = createBusyLine();

  /** The password may have been changed after the backup that the server went back to. */
  const tellOfRestore = async (): Promise<void> => {
    await app.actions.account.refreshServerInfo();
    if (app.stores.account.get().serverInfo?.restoredAt === undefined) return;
    context.later.use('newerKeys', (piece) => problem.show(piece.wrongAfterRestore(context)));
  };
  const signIn = async (): Promise<void> => {
    if (submit.disabled) return;
    const who = name.input.value.trim();
    if (who === '' || password.input.value === '') {
      problem.show(locale.t('signIn.missing'));
      (who === '' ? name : password).input.focus();
      return;
    }
    problem.show(null);
    const result = await app.actions.account.signIn(who, password.input.value);
    if (result.ok) return;
    if (result.code === 'NEWER_KEYS') {
      const typed = { username: who, password: password.input.value };
      context.later.use('newerKeys', (piece) => piece.openNewerKeys(context, typed));
      return;
    }
    // Only here does the same refusal also stand for a name that nobody has.
    problem.show(result.code === 'WRONG_PASSWORD' ? locale.t('signIn.wrong') : locale.failure(result));
    if (result.code === 'WRONG_PASSWORD') drop(tellOfRestore());
    password.input.focus();
    password.input.select();
  };

  const form = h(
    'form',
    {
      class: 'entrance__form',
      novalidate: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          drop(signIn());
        },
      },
    },
    problem.element,
    name.element,
    password.element,
    submit,
    busy.element,
  );
  const element = h('div', {}, h('h1', { class: 'entrance__title' }, locale.t('signIn.title')));
  const lead = h('p', { class: 'entrance__lead' }, locale.t('signIn.lead'));
  append(element, lead, endedNotice(context, app.stores.account.get()), form, links(context, onSignUp));

  const showBusy = (isBusy: boolean): void => {
    submit.disabled = isBusy;
    busy.show(isBusy ? locale.t('signIn.busy') : null);
  };
  disposables.add(app.stores.account.subscribe(isSigningIn, showBusy));
  showBusy(isSigningIn(app.stores.account.get()));
  return { element, dispose: disposables.dispose };
}

const isSigningIn = (state: AccountState): boolean => state.phase.name === 'signed-out' && state.phase.isBusy;

function links(context: PageContext, onSignUp: () => void): HTMLElement {
  const { app, locale, later } = context;
  const policy = app.stores.account.get().serverInfo?.signUp ?? 'open';
  const openForgot = (): void => later.use('forgot', (piece) => piece.openForgotPassword(context));
  return h(
    'div',
    { class: 'entrance__links' },
    policy !== 'closed' && button({ label: locale.t('signIn.toSignUp'), kind: 'link', onClick: onSignUp }),
    button({ label: locale.t('signIn.forgot'), kind: 'link', onClick: openForgot }),
  );
}

type EndReason = NonNullable<Extract<AccountPhase, { name: 'signed-out' }>['endReason']>;

function endedNotice(context: PageContext, state: AccountState): HTMLElement | null {
  const reason = state.phase.name === 'signed-out' ? state.phase.endReason : null;
  const text = reason === null ? null : endedText(context, reason);
  return text === null ? null : h('div', { class: 'entrance__ended' }, notice('warn', text));
}

function endedText({ locale }: PageContext, reason: EndReason): string | null {
  switch (reason) {
    case 'revoked':
      return locale.t('signIn.endedRevoked');
    case 'expired':
      return locale.t('signIn.endedExpired');
    case 'keys-changed':
      return locale.t('signIn.endedKeys');
    case 'account-disabled':
      return locale.t('signIn.endedDisabled');
    case 'not-waiting':
      return locale.t('signIn.notWaiting');
    case 'account-deleted':
      return locale.t('signIn.endedDeleted');
    default:
      return null;
  }
}
