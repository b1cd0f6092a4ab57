import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { fail } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { recoveryWarning } from '../trust/recovery-warning.ts';
import { meOf } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';
import type { KeyActions } from './key-actions.ts';
import { createNewPasswordFields } from './new-password-fields.ts';
import { hiddenName } from './reentry-steps.ts';

/** Another password; every other browser of this person is signed out with it. */
export function openPasswordChange(context: PageContext): void {
  const { app, locale, toasts } = context;
  const me = meOf(app.stores.account.get());
  const current = createField({
    label: locale.t('password.current'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    maxLength: 256,
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  const next = createNewPasswordFields(context, () => [me?.username ?? '', me?.displayName ?? ''], true);
  const warning = recoveryWarning(context, 'password-change');
  const problem = createFormNotice();
  const busy = createBusyLine();
  const submit = button({
    label: locale.t('password.change'),
    kind: 'primary',
    size: 'wide',
    type: 'submit',
  });
  let keys: KeyActions | null = null;

  const change = async (): Promise<Result<void>> => {
    keys ??= await app.actions.loadKeys().catch(() => null);
    if (keys === null) return fail('OFFLINE');
    return keys.changePassword(current.input.value, next.password());
  };
  const freeze = (isFrozen: boolean): void => {
    current.input.readOnly = isFrozen;
    next.freeze(isFrozen);
  };
  const send = async (): Promise<void> => {
    if (submit.disabled) return;
    const wrong = current.input.value === '' ? current.input : next.firstProblem();
    if (wrong !== null) {
      wrong.focus();
      return;
    }
    submit.disabled = true;
    problem.show(null);
    busy.show(locale.t('password.changing'));
    freeze(true);
    const result = await change();
    submit.disabled = false;
    busy.show(null);
    if (result.ok) {
      dialog.close();
      toasts.show({ text: locale.t('password.changed') });
      return;
    }
    // It may be in force already: what is sent again must be the same.
    freeze(result.isRetryable && keys !== null);
    problem.show(result.isRetryable && keys !== null ? locale.t('password.unknown') : locale.failure(result));
    if (result.code === 'WRONG_PASSWORD') current.input.select();
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(send());
  };
  const form = h(
    'form',
    { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
    h('p', { class: 'dialog__text' }, locale.t('password.changeText')),
    warning !== null && h('div', { class: 'entrance__ended' }, warning),
    problem.element,
    hiddenName(me?.username ?? ''),
    current.element,
    ...next.elements,
    submit,
    busy.element,
  );
  const dialog = openDialog({
    title: locale.t('password.change'),
    closeLabel: locale.t('common.close'),
    body: [form],
    focus: current.input,
  });
}
