import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { createViewSlot } from '../../ui/view.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meOf } from './account-state.ts';
import type { PendingSheet } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';
import { createSheetGuard } from './sheet-guard.ts';
import { createSheetView } from './sheet-view.ts';

/** A new recovery sheet: the password, the sheet, two groups typed back. Until then the old sheet stays in force. */
export function openNewSheet(context: PageContext): void {
  const { app, locale, toasts } = context;
  const disposables = createDisposables();
  const body = h('div', { class: 'new-sheet' });
  const slot = createViewSlot(body);
  const guard = createSheetGuard(context, {
    close: () => dialog.close(),
    consequence: locale.t('sheet.discardText'),
  });
  let isDone = false;

  const confirm = async (typed: readonly [string, string]): Promise<Result<void>> => {
    const result = await guard.during(app.actions.sheet.confirmNewSheet(typed));
    if (result.ok) {
      isDone = true;
      dialog.close();
      toasts.show({ text: locale.t('sheet.stored') });
    } else if (app.stores.pendingSheet.get() === null) {
      // It can never come into force: another browser was faster.
      showPassword(`${locale.failure(result)} ${locale.t('sheet.void')}`);
    }
    return result;
  };
  const showPending = (pending: PendingSheet | null): void => {
    if (pending === null) return;
    guard.shown(true);
    replaceContent(body);
    const me = meOf(app.stores.account.get());
    slot.show(
      createSheetView({
        context,
        facts: {
          groups: pending.sheetGroups,
          username: me?.username ?? '',
          server: location.origin,
          madeAt: app.clock.now(),
        },
        askedGroups: pending.askedGroups,
        busyText: locale.t('sheet.storing'),
        finishLabel: locale.t('sheet.confirm'),
        onConfirm: confirm,
        onCancel: () => guard.mayClose(),
      }),
    );
  };
  const showPassword = (reason: string | null): void => {
    guard.shown(false);
    slot.show(passwordStep(context, reason));
    body.querySelector('input')?.focus();
  };
  const dialog = openDialog({
    title: locale.t('sheet.make'),
    closeLabel: locale.t('common.close'),
    size: 'wide',
    body: [body],
    mayClose: guard.mayClose,
    onClose: () => {
      if (!isDone) app.actions.sheet.cancelNewSheet();
      slot.dispose();
      disposables.dispose();
    },
  });
  showPassword(null);
  disposables.add(app.stores.pendingSheet.subscribe((state) => state, showPending));
}

/** `reason`: why a sheet that was shown is void. */
function passwordStep({ app, locale }: PageContext, reason: string | null): View {
  const problem = createFormNotice();
  problem.show(reason);
  const busy = createBusyLine();
  const password = createField({
    label: locale.t('signIn.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  const make = async (): Promise<void> => {
    if (submit.disabled || password.input.value === '') return;
    submit.disabled = true;
    problem.show(null);
    busy.show(locale.t('sheet.making'));
    const result = await app.actions.sheet.replaceSheet(password.input.value);
    submit.disabled = false;
    busy.show(null);
    if (result.ok) return;
    problem.show(locale.failure(result));
    password.input.select();
  };
  const submit = button({
    label: locale.t('sheet.make'),
    kind: 'primary',
    size: 'wide',
    onClick: () => drop(make()),
  });
  const element = h(
    'div',
    {},
    problem.element,
    h('p', { class: 'dialog__text' }, locale.t('sheet.makeText')),
    password.element,
    submit,
    busy.element,
  );
  return { element, dispose: bindEnter({ box: password.input, onEnter: () => drop(make()) }) };
}
