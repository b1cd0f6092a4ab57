import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { h } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { createBusyLine } from './busy-line.ts';

/** The refusal of the sign-in form on a server that was restored: which password counts there. */
export function wrongAfterRestore({ app, locale }: PageContext): string {
  const restoredAt = app.stores.account.get().serverInfo?.restoredAt ?? 0;
  return locale.t('newerKeys.wrong', { date: locale.full(restoredAt) });
}

/** What was typed at the sign-in form. */
export type TypedSignIn = { username: string; password: string };

/**
 * The server was restored to before a reset, and this browser has the keys of after it. They open with the password that was
 * chosen then, and go back to the server.
 */
export function openNewerKeys(context: PageContext, { username, password }: TypedSignIn): void {
  const { app, locale } = context;
  const { t } = locale;
  const newer = createField({
    label: t('newerKeys.password'),
    type: 'password',
    name: 'newer-password',
    autocomplete: 'current-password',
    maxLength: 256,
    reveal: { show: t('password.show'), hide: t('password.hide') },
  });
  const problem = createFormNotice();
  const busy = createBusyLine();
  const submit = button({ label: t('newerKeys.submit'), kind: 'primary', size: 'wide', type: 'submit' });

  const send = async (): Promise<void> => {
    if (submit.disabled || newer.input.value === '') return;
    submit.disabled = true;
    problem.show(null);
    busy.show(t('signIn.busy'));
    const result = await app.actions.account.signIn(username, password, newer.input.value);
    submit.disabled = false;
    busy.show(null);
    if (result.ok) {
      dialog.close();
      return;
    }
    problem.show(locale.failure(result));
    newer.input.focus();
    newer.input.select();
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(send());
  };
  const form = h(
    'form',
    { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
    h('p', { class: 'dialog__text' }, t('newerKeys.text')),
    problem.element,
    newer.element,
    submit,
    busy.element,
    h('p', { class: 'dialog__text' }, t('newerKeys.neither')),
  );
  const dialog = openDialog({
    title: t('newerKeys.title'),
    closeLabel: t('common.close'),
    body: [form],
    focus: newer.input,
  });
}
