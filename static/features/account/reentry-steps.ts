/** The steps of coming back in without the password; each is a small form of its own. */
import { h } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createField } from '../../ui/field.ts';
import { icon } from '../../ui/icon.ts';
import type { IconName } from '../../ui/icon.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import { fail } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { PendingSheet } from './account-state.ts';
import { meOf } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';
import type { KeyActions } from './key-actions.ts';
import { createNewPasswordFields } from './new-password-fields.ts';
import type { ReentryPerson } from './reentry-actions.ts';

export type ReentryWay = 'sheet' | 'code';

export type StepDeps = {
  context: PageContext;
  loadKeys: () => Promise<KeyActions>;
  onBack: () => void;
};

/** What somebody has in their hands: three large buttons. */
export function wayStep(
  { context: { locale } }: StepDeps,
  on: Record<ReentryWay | 'neither', () => void>,
): View {
  const { t } = locale;
  const way = (shape: IconName, title: string, text: string, onClick: () => void): HTMLElement =>
    h(
      'button',
      { type: 'button', class: 'way', on: { click: onClick } },
      icon(shape, 'l'),
      h(
        'span',
        { class: 'way__words' },
        h('b', { class: 'way__title' }, title),
        h('span', { class: 'way__text' }, text),
      ),
    );
  const element = h(
    'div',
    {},
    h('p', { class: 'dialog__text' }, t('reentry.lead')),
    way('printer', t('reentry.bySheet'), t('reentry.bySheetText'), on.sheet),
    way('key-round', t('reentry.byCode'), t('reentry.byCodeText'), on.code),
    way('circle-alert', t('reentry.neither'), t('reentry.neitherText'), on.neither),
  );
  return { element, dispose: () => undefined };
}

/** Whom to ask, and what will become of the conversations. */
export function neitherStep({ context: { locale }, onBack }: StepDeps): View {
  const { t } = locale;
  const element = h(
    'div',
    {},
    h('h3', { class: 'reentry__title' }, t('reentry.neitherTitle')),
    h('p', { class: 'dialog__text' }, t('reentry.neitherAsk')),
    h('p', { class: 'dialog__text' }, t('reentry.neitherLoss')),
    h('p', { class: 'dialog__text' }, t('reentry.neitherSheet')),
    links(t('reentry.back'), onBack),
  );
  return { element, dispose: () => undefined };
}

const links = (label: string, onClick: () => void): HTMLElement =>
  h('div', { class: 'entrance__links' }, button({ label, kind: 'link', onClick }));

type StepForm = {
  deps: StepDeps;
  head: Child[];
  fields: Child[];
  busyText: string;
  submitLabel: string;
  /** Null while something has to be filled in first. */
  submit: (keys: KeyActions) => Promise<Result<void>> | null;
  onFailure?: () => void;
};

/** A form of one step: busy while it works, the outcome where the eye is. */
function stepForm(form: StepForm): View {
  const { context, loadKeys, onBack } = form.deps;
  const { locale } = context;
  const problem = createFormNotice();
  const busy = createBusyLine();
  const submit = button({ label: form.submitLabel, kind: 'primary', size: 'wide', type: 'submit' });
  let isGone = false;

  const run = async (): Promise<Result<void>> => {
    const keys = await loadKeys().catch(() => null);
    if (keys === null) return fail('OFFLINE');
    return (await form.submit(keys)) ?? fail('CANCELLED');
  };
  const send = async (): Promise<void> => {
    if (submit.disabled) return;
    submit.disabled = true;
    problem.show(null);
    busy.show(form.busyText);
    const result = await run();
    if (isGone) return;
    submit.disabled = false;
    busy.show(null);
    if (result.ok || result.code === 'CANCELLED') return;
    problem.show(locale.failure(result));
    form.onFailure?.();
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(send());
  };
  const element = h(
    'form',
    { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
    ...form.head,
    problem.element,
    ...form.fields,
    submit,
    busy.element,
    links(locale.t('reentry.back'), onBack),
  );
  return { element, dispose: () => (isGone = true) };
}

const nameField = ({ app, locale }: PageContext) =>
  createField({
    label: locale.t('signIn.username'),
    name: 'username',
    autocomplete: 'username',
    value: meOf(app.stores.account.get())?.username ?? '',
    maxLength: 200,
  });

/** User name and the nine groups. */
export function sheetStep(deps: StepDeps, onOpen: (person: ReentryPerson) => void): View {
  const { locale } = deps.context;
  const name = nameField(deps.context);
  const sheet = createField({
    label: locale.t('reentry.sheet'),
    name: 'recovery-sheet',
    hint: locale.t('reentry.sheetHint'),
    placeholder: 'XXXX-XXXX-XXXX-…',
    isCode: true,
    maxLength: 120,
  });
  return openingForm(deps, {
    boxes: [name, sheet],
    head: [],
    open: (keys) => keys.openWithSheet(name.input.value.trim(), sheet.input.value),
    onOpen,
  });
}

/** User name and the admin's code, and what comes of it. */
export function codeStep(deps: StepDeps, onOpen: (person: ReentryPerson) => void): View {
  const { locale } = deps.context;
  const name = nameField(deps.context);
  const code = createField({
    label: locale.t('reentry.code'),
    name: 'reset-code',
    hint: locale.t('reentry.codeHint'),
    placeholder: 'XXXX-XXXX-XXXX',
    isCode: true,
    maxLength: 64,
  });
  return openingForm(deps, {
    boxes: [name, code],
    head: [h('div', { class: 'entrance__ended' }, notice('warn', locale.t('reentry.codeWarn')))],
    open: (keys) => keys.openWithCode(name.input.value.trim(), code.input.value),
    onOpen,
  });
}

type Opening = {
  boxes: ReturnType<typeof createField>[];
  head: Child[];
  open: (keys: KeyActions) => Promise<Result<ReentryPerson>>;
  onOpen: (person: ReentryPerson) => void;
};

function openingForm(deps: StepDeps, { boxes, head, open, onOpen }: Opening): View {
  const { locale } = deps.context;
  const submit: StepForm['submit'] = (keys) => {
    const empty = boxes.find(({ input }) => input.value.trim() === '');
    empty?.input.focus();
    if (empty !== undefined) return null;
    return open(keys).then((opened) => {
      if (opened.ok) onOpen(opened.value);
      return opened.ok ? { ok: true, value: undefined } : opened;
    });
  };
  return stepForm({
    deps,
    head,
    fields: boxes.map(({ element }) => element),
    busyText: locale.t('reentry.opening'),
    submitLabel: locale.t('reentry.next'),
    submit,
    onFailure: () => boxes[1]?.input.select(),
  });
}

/** A new password, twice; then the keys are made. */
export function passwordStep(
  deps: StepDeps,
  { username, displayName }: ReentryPerson,
  onMade: (sheet: PendingSheet) => void,
): View {
  const { locale } = deps.context;
  const fields = createNewPasswordFields(deps.context, () => [username, displayName], true);
  return stepForm({
    deps,
    head: [
      h('h3', { class: 'reentry__title' }, locale.t('reentry.passwordTitle', { name: displayName })),
      h('p', { class: 'dialog__text' }, locale.t('reentry.passwordText')),
      hiddenName(username),
    ],
    fields: [...fields.elements],
    busyText: locale.t('reentry.making'),
    submitLabel: locale.t('reentry.next'),
    submit: (keys) => {
      const wrong = fields.firstProblem();
      wrong?.focus();
      if (wrong !== null) return null;
      return keys.choosePassword(fields.password()).then((made) => {
        if (made.ok) onMade(made.value);
        return made.ok ? { ok: true, value: undefined } : made;
      });
    },
    onFailure: () => fields.field.input.focus(),
  });
}

/** Password managers keep a new password under a name only if they see one. */
export const hiddenName = (username: string): HTMLElement =>
  h('input', {
    class: 'visually-hidden',
    name: 'username',
    autocomplete: 'username',
    value: username,
    tabindex: -1,
    'aria-hidden': 'true',
    readonly: true,
  });
