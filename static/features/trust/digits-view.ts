/** Twelve digits: shown to be read out, and typed as they were heard. */
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { createField } from '../../ui/field.ts';
import type { View } from '../../ui/view.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import type { ConfirmResult } from '../../crypto/index.ts';
import { digitGroups, spokenDigits, typedDigits } from './digits-text.ts';

/** The digits in fours, large enough to be read out; a screen reader says them one by one. */
export const digitsShown = (digits: string, label: string): HTMLElement =>
  h(
    'p',
    { class: 'digits' },
    h('span', { class: 'visually-hidden' }, `${label}: ${spokenDigits(digits)}`),
    h(
      'span',
      { class: 'digits__groups', 'aria-hidden': 'true' },
      ...digitGroups(digits).map((group) => h('span', { class: 'digits__group' }, group)),
    ),
  );

export type DigitsToReadDeps = {
  context: PageContext;
  /** Computing them takes seconds: it begins when they are asked for, or at once. */
  isAtOnce: boolean;
  load: () => Promise<Result<string>>;
};

/** Digits to read out; Argon2id makes them slow on purpose. */
export function createDigitsToRead({ context, isAtOnce, load }: DigitsToReadDeps): HTMLElement {
  const { locale } = context;
  const element = h('div', { class: 'digits-box', role: 'status', tabindex: -1 });
  const show = async (): Promise<void> => {
    // The button that was pressed goes away, and must not take the focus with it.
    if (element.contains(document.activeElement)) element.focus();
    replaceContent(element, h('p', { class: 'digits-box__busy' }, locale.t('trust.digitsMaking')));
    const result = await load();
    if (result.ok) replaceContent(element, digitsShown(result.value, locale.t('trust.digits')));
    else replaceContent(element, h('p', { class: 'digits-box__busy' }, locale.failure(result)), ask());
  };
  const ask = (): HTMLElement =>
    button({ label: locale.t('trust.digitsMake'), size: 'small', icon: 'eye', onClick: () => drop(show()) });
  if (isAtOnce) drop(show());
  else replaceContent(element, ask());
  return element;
}

export type DigitsFormDeps = {
  context: PageContext;
  confirm: (digits: string) => Promise<Result<ConfirmResult>>;
  onConfirmed: () => void;
};

/** A box for the digits that somebody read out; what is wrong with them stands below it. */
export function createDigitsForm({ context, confirm, onConfirmed }: DigitsFormDeps): View {
  const { locale } = context;
  const field = createField({
    label: locale.t('trust.digitsTyped'),
    name: 'digits',
    isCode: true,
    maxLength: 20,
    hint: locale.t('trust.digitsHint'),
  });
  field.input.inputMode = 'numeric';
  field.input.placeholder = '0000 0000 0000';
  const wrong = (text: string): void => {
    field.setHint(text, 'bad');
    field.input.focus();
  };
  const submit = async (): Promise<void> => {
    if (send.disabled) return;
    const digits = typedDigits(field.input.value);
    if (digits === null) {
      wrong(locale.t('trust.digitsIncomplete'));
      return;
    }
    send.disabled = true;
    field.setHint(locale.t('trust.digitsMaking'));
    const result = await confirm(digits);
    send.disabled = false;
    if (!result.ok) wrong(locale.failure(result));
    else if (!result.value.ok) wrong(refusal(context, result.value.reason));
    else onConfirmed();
  };
  const send = button({
    label: locale.t('trust.digitsConfirm'),
    kind: 'primary',
    onClick: () => drop(submit()),
  });
  const stop = bindEnter({ box: field.input, onEnter: () => drop(submit()) });
  return { element: h('div', { class: 'digits-form' }, field.element, send), dispose: stop };
}

function refusal({ locale }: PageContext, reason: Extract<ConfirmResult, { ok: false }>['reason']): string {
  switch (reason) {
    case 'DIGITS_WRONG':
      return locale.t('trust.digitsWrong');
    case 'UNAVAILABLE':
      return locale.t('trust.digitsUnavailable');
    case 'NOT_RESOLVABLE':
      return locale.t('trust.digitsNotResolvable');
    case 'BAD_STATEMENT':
    case 'PIN_CONFLICT':
      return locale.failure({ code: reason });
    default:
      return reason satisfies never;
  }
}
