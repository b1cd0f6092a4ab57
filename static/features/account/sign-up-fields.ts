import { canonicalUsername } from '#contract/canonical-username.ts';
import { limits } from '#contract/limits.ts';
import { h } from '../../ui/h.ts';
import { createField } from '../../ui/field.ts';
import type { Field } from '../../ui/field.ts';
import type { Disposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { Failure } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import type { SignUpCodes } from './account-actions.ts';
import type { SignUpForm } from './account-state.ts';
import { createNewPasswordFields } from './new-password-fields.ts';

export type SignUpFields = {
  readonly elements: readonly HTMLElement[];
  form: () => SignUpForm;
  password: () => string;
  /** Marks what is missing and returns the first box to fix; null if all is well. */
  firstProblem: () => HTMLInputElement | null;
  /** The field that a refusal is about. */
  fieldOf: (failure: Failure) => Field | null;
};

/** What a link carried, and whether this server wants an invitation or takes one to let somebody in at once. */
export type InvitationWish = { code: string; isNeeded: boolean; isUseful: boolean };

const nameCheckDelayMs = 400;

export function createSignUpFields(
  context: PageContext,
  disposables: Disposables,
  needsCode: boolean,
  invitation: InvitationWish,
): SignUpFields {
  const { locale } = context;
  const t = locale.t;
  const code = createField({
    label: t('signUp.code'),
    name: 'set-up-code',
    hint: t('signUp.codeHint'),
    isCode: true,
    maxLength: 64,
  });
  const invited = createField({
    label: t('signUp.invitation'),
    name: 'invitation',
    value: invitation.code,
    hint: t(invitation.isNeeded ? 'signUp.invitationHint' : 'signUp.invitationOptional'),
    ...(invitation.isNeeded ? {} : { aside: t('common.optional') }),
    isCode: true,
    maxLength: 64,
  });
  invited.element.hidden = !invitation.isNeeded && !invitation.isUseful;
  const invitationCode = (): string => (invited.element.hidden ? '' : invited.input.value.trim());
  const username = createField({
    label: t('signUp.username'),
    name: 'username',
    autocomplete: 'username',
    hint: t('signUp.usernameHint'),
    maxLength: limits.usernameMax,
  });
  const displayName = createField({
    label: t('signUp.displayName'),
    name: 'display-name',
    autocomplete: 'name',
    hint: t('signUp.displayNameHint'),
    maxLength: limits.displayNameMax,
  });
  const department = createField({
    label: t('signUp.department'),
    name: 'department',
    aside: t('common.optional'),
    autocomplete: 'organization',
    maxLength: limits.departmentMax,
  });
  const title = createField({
    label: t('signUp.jobTitle'),
    name: 'title',
    aside: t('common.optional'),
    autocomplete: 'organization-title',
    maxLength: limits.titleMax,
  });
  const chosen = createNewPasswordFields(context, () => [username.input.value, displayName.input.value]);

  const codes = (): SignUpCodes => ({
    ...(code.input.value.trim() === '' ? {} : { setUpCode: code.input.value.trim() }),
    ...(invitationCode() === '' ? {} : { invitationCode: invitationCode() }),
  });
  watchName(context, disposables, username, codes);

  const firstProblem = (): HTMLInputElement | null => {
    const problems: [Field, string | null][] = [
      [code, needsCode && code.input.value.trim() === '' ? t('signUp.codeMissing') : null],
      [invited, invitation.isNeeded && invitationCode() === '' ? t('signUp.invitationMissing') : null],
      [username, isNameWellFormed(username.input.value) ? null : t('signUp.usernameRule')],
      [displayName, displayName.input.value.trim() === '' ? t('signUp.displayNameMissing') : null],
    ];
    let first: HTMLInputElement | null = null;
    for (const [field, problem] of problems) {
      if (problem === null) continue;
      field.setHint(problem, 'bad');
      first ??= field.input;
    }
    const last = chosen.firstProblem();
    return first ?? last;
  };
  for (const field of [code, invited, displayName]) {
    field.input.addEventListener('input', () => field.setHint(''));
  }

  const pair = h('div', { class: 'field-pair' }, department.element, title.element);
  return {
    elements: [
      ...(needsCode ? [code.element] : []),
      invited.element,
      displayName.element,
      username.element,
      pair,
      ...chosen.elements,
    ],
    form: () => ({
      username: username.input.value,
      displayName: displayName.input.value,
      department: department.input.value,
      title: title.input.value,
      setUpCode: needsCode ? code.input.value.trim() : '',
      invitationCode: invitationCode(),
    }),
    password: chosen.password,
    firstProblem,
    fieldOf: ({ code: failureCode, field }) => {
      if (failureCode === 'NAME_TAKEN' || field === 'username') return username;
      if (failureCode === 'SETUP_CODE_WRONG') return needsCode ? code : null;
      if (failureCode === 'INVITATION_NEEDED' || failureCode === 'INVITATION_WRONG') {
        // the policy may be another one than when the page was opened
        invited.element.hidden = false;
        return invited;
      }
      if (failureCode === 'WEAK_PASSWORD') return chosen.field;
      return field === 'displayName' ? displayName : null;
    },
  };
}

const isNameWellFormed = (text: string): boolean => {
  const name = canonicalUsername(text);
  return (
    name.length >= limits.usernameMin && name.length <= limits.usernameMax && /^[가-힣a-z0-9._-]+$/.test(name)
  );
};

/** Asks whether the name is free once the typing pauses; an answer to an older name is dropped. */
function watchName(
  { app, locale }: PageContext,
  disposables: Disposables,
  field: Field,
  codes: () => SignUpCodes,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const check = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    const name = field.input.value;
    const result = await app.actions.account.checkName(name, codes());
    if (mine !== asked || name !== field.input.value) return;
    if (result.ok) field.setHint(locale.t('signUp.nameFree'), 'good');
    else if (result.code === 'NAME_TAKEN') field.setHint(locale.t('signUp.nameTaken'), 'bad');
  };
  field.input.addEventListener('input', () => {
    clearTimeout(timer);
    asked += 1;
    const name = field.input.value;
    field.setHint(name === '' ? locale.t('signUp.usernameHint') : locale.t('signUp.usernameRule'));
    if (isNameWellFormed(name)) timer = setTimeout(() => drop(check()), nameCheckDelayMs);
  });
  disposables.add(() => clearTimeout(timer));
}
