/** Sixty digits and a QR code that two people compare, and the mark for those who did. */
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { createField } from '../../ui/field.ts';
import { notice } from '../../ui/notice.ts';
import { qrCode } from '../../ui/qr-code.ts';
import { drop } from '../../state/drop.ts';
import type { SafetyNumber } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { nameOf } from './trust-words.ts';

export type SafetyNumberDeps = {
  context: PageContext;
  userUid: string;
  number: SafetyNumber;
  isVerified: boolean;
  /** The mark was given or taken away. */
  onMarked: () => void;
  addUndo: (undo: () => void) => void;
};

export function safetyNumberCard(deps: SafetyNumberDeps): HTMLElement {
  const { context, userUid, number } = deps;
  const { locale } = context;
  const outcome = h('div', { class: 'safety__outcome', role: 'status' });
  return h(
    'section',
    { class: 'safety', 'aria-label': locale.t('trust.number') },
    h('h3', { class: 'panel__title' }, locale.t('trust.number')),
    h('p', { class: 'dialog__text' }, locale.t('trust.numberText', { name: nameOf(context, userUid) })),
    h(
      'div',
      { class: 'safety__card' },
      h(
        'ol',
        { class: 'safety__groups', 'aria-label': locale.t('trust.number') },
        ...number.groups.map((group) => h('li', { class: 'safety__group' }, group)),
      ),
      h('div', { class: 'safety__qr' }, qrCode(number.code, locale.t('trust.numberQr'))),
    ),
    deps.isVerified ? dropRow(deps) : markRow(deps, outcome),
    outcome,
    codeForm(deps, outcome),
  );
}

/** Same, or not the same: both are an answer. */
function markRow(
  { context, userUid, number, onMarked }: SafetyNumberDeps,
  outcome: HTMLElement,
): HTMLElement {
  const { app, locale, toasts } = context;
  const mark = async (): Promise<void> => {
    same.disabled = true;
    const { version, fingerprint } = number;
    const result = await app.actions.trust.markVerified(userUid, { version, fingerprint });
    same.disabled = false;
    if (result.ok && result.value) {
      toasts.show({ text: locale.t('trust.numberMarked', { name: nameOf(context, userUid) }) });
      onMarked();
    } else {
      const words = result.ok ? locale.t('trust.numberMoved') : locale.failure(result);
      replaceContent(outcome, notice('warn', words));
      if (result.ok) onMarked();
    }
  };
  const same = button({
    label: locale.t('trust.numberSame'),
    icon: 'shield-check',
    kind: 'primary',
    onClick: () => drop(mark()),
  });
  const different = button({
    label: locale.t('trust.numberDifferent'),
    onClick: () => replaceContent(outcome, notice('warn', locale.t('trust.numberDifferentText'))),
  });
  return h('div', { class: 'button-row safety__buttons' }, same, different);
}

function dropRow({ context, userUid, onMarked }: SafetyNumberDeps): HTMLElement {
  const { app, locale, toasts } = context;
  const dropMark = async (): Promise<void> => {
    const result = await app.actions.trust.dropMark(userUid);
    toasts.show(
      result.ok ? { text: locale.t('trust.markDropped') } : { text: locale.failure(result), isProblem: true },
    );
    if (result.ok) onMarked();
  };
  return h(
    'div',
    { class: 'button-row safety__buttons' },
    button({ label: locale.t('trust.dropMark'), size: 'small', onClick: () => drop(dropMark()) }),
  );
}

/** The page has no camera on plain HTTP: the phone's own reads the code, and its text is pasted here. */
function codeForm(
  { context, userUid, onMarked, addUndo }: SafetyNumberDeps,
  outcome: HTMLElement,
): HTMLElement {
  const { app, locale, toasts } = context;
  const field = createField({ label: locale.t('trust.codeLabel'), name: 'safety-code', isCode: true });
  const compare = async (): Promise<void> => {
    const code = field.input.value.trim();
    if (code === '') return;
    const result = await app.actions.trust.compareCode(userUid, code);
    if (!result.ok) field.setHint(locale.failure(result), 'bad');
    else if (result.value === 'unreadable') field.setHint(locale.t('trust.codeUnreadable'), 'bad');
    else if (result.value === 'different') {
      replaceContent(outcome, notice('bad', locale.t('trust.numberDifferentText')));
    } else {
      toasts.show({ text: locale.t('trust.numberMarked', { name: nameOf(context, userUid) }) });
      onMarked();
    }
  };
  addUndo(bindEnter({ box: field.input, onEnter: () => drop(compare()) }));
  return h(
    'details',
    { class: 'safety__code' },
    h('summary', {}, locale.t('trust.code')),
    h('p', { class: 'dialog__text' }, locale.t('trust.codeText')),
    field.element,
    button({ label: locale.t('trust.codeCompare'), size: 'small', onClick: () => drop(compare()) }),
  );
}
