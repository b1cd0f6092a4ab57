import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { fail } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { createBusyLine } from './busy-line.ts';
import type { KeyActions } from './key-actions.ts';

/** A recovery sheet from before a reset: brings the old keys back. The page starts anew once it did. */
export function openOldSheet(context: PageContext): void {
  const { app, locale } = context;
  const sheet = createField({
    label: locale.t('reentry.sheet'),
    name: 'recovery-sheet',
    hint: locale.t('reentry.sheetHint'),
    placeholder: 'XXXX-XXXX-XXXX-…',
    isCode: true,
    maxLength: 120,
  });
  const problem = createFormNotice();
  const busy = createBusyLine();
  const kept = h('div', { class: 'reentry__kept' });
  const submit = button({
    label: locale.t('oldSheet.submit'),
    kind: 'primary',
    size: 'wide',
    type: 'submit',
  });
  let keys: KeyActions | null = null;

  const load = async (): Promise<KeyActions | null> => {
    keys ??= await app.actions.loadKeys().catch(() => null);
    return keys;
  };
  const showKept = async (): Promise<void> => {
    const listed = await (await load())?.listOldVaults();
    if (listed?.ok !== true) return;
    const dates = listed.value.map(({ keptAt }) => locale.full(keptAt));
    submit.disabled = dates.length === 0;
    if (dates.length === 0) kept.append(notice('plain', locale.t('oldSheet.none')));
    for (const date of dates)
      kept.append(h('p', { class: 'panel__fact' }, locale.t('oldSheet.kept', { date })));
  };
  const send = async (): Promise<void> => {
    if (submit.disabled || sheet.input.value.trim() === '') return;
    submit.disabled = true;
    problem.show(null);
    busy.show(locale.t('oldSheet.busy'));
    const result = (await (await load())?.mergeOldSheet(sheet.input.value)) ?? fail('OFFLINE');
    // The page is about to start anew.
    if (result.ok) return;
    submit.disabled = false;
    busy.show(null);
    problem.show(result.code === 'RECOVERY_WRONG' ? locale.t('oldSheet.wrong') : locale.failure(result));
    sheet.input.select();
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(send());
  };
  openDialog({
    title: locale.t('oldSheet.title'),
    closeLabel: locale.t('common.close'),
    body: [
      h(
        'form',
        { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
        h('p', { class: 'dialog__text' }, locale.t('oldSheet.text')),
        kept,
        problem.element,
        sheet.element,
        submit,
        busy.element,
      ),
    ],
    focus: sheet.input,
  });
  drop(showKept());
}
