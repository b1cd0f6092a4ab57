import type { Result } from '../state/failure.ts';
import { drop } from '../state/drop.ts';
import type { Locale } from '../locales/locale.ts';
import { button } from './button.ts';
import { openDialog } from './dialog.ts';
import { h } from './h.ts';
import { createFormNotice } from './notice.ts';

export type ConfirmInput = {
  locale: Locale;
  title: string;
  /** Paragraphs. */
  text: readonly string[];
  confirmLabel: string;
  isDanger?: boolean;
  /** Parts below the text, e.g. a password field; the first control of them gets the focus. */
  extra?: readonly HTMLElement[];
  onConfirm: () => Promise<Result<unknown>>;
  onDone?: () => void;
};

/** Asks before something that matters, does it, and shows in place why it did not work. */
export function openConfirm(input: ConfirmInput): void {
  const { locale, isDanger = false, extra = [] } = input;
  const problem = createFormNotice();
  const confirm = async (): Promise<void> => {
    submit.disabled = true;
    problem.show(null);
    const result = await input.onConfirm();
    submit.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    input.onDone?.();
  };
  const submit = button({
    label: input.confirmLabel,
    kind: isDanger ? 'danger-solid' : 'primary',
    onClick: () => drop(confirm()),
  });
  const cancel = button({ label: locale.t('common.cancel'), onClick: () => dialog.close() });
  const dialog = openDialog({
    title: input.title,
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [problem.element, ...input.text.map((text) => h('p', { class: 'dialog__text' }, text)), ...extra],
    foot: [cancel, submit],
    // Not the dangerous button: a stray Enter must do nothing.
    focus: extra[0]?.querySelector('input') ?? (isDanger ? cancel : submit),
  });
}
