import { limits } from '#contract/limits.ts';
import { h } from '../../ui/h.ts';
import { createField } from '../../ui/field.ts';
import type { Field } from '../../ui/field.ts';
import type { PageContext } from '../../page-context.ts';
import { adviseOnPassword } from './password-strength.ts';

export type NewPasswordFields = {
  readonly elements: readonly HTMLElement[];
  /** The first of the two: where a refusal of the password stands. */
  readonly field: Field;
  password: () => string;
  /** Marks what is wrong and returns the box to fix; null if all is well. */
  firstProblem: () => HTMLInputElement | null;
  /** What was sent may be in force already: it must not be changed any more. */
  freeze: (isFrozen: boolean) => void;
};

/** A password that somebody chooses, twice, with advice on how good it is; `ownNames` do not count. */
export function createNewPasswordFields(
  context: PageContext,
  ownNames: () => string[],
  /** What it takes the place of is asked for as well, or is known not to count any more. */
  isAnother = false,
): NewPasswordFields {
  const { t } = context.locale;
  const reveal = { show: t('password.show'), hide: t('password.hide') };
  const password = createField({
    label: t(isAnother ? 'password.next' : 'signUp.password'),
    type: 'password',
    name: 'new-password',
    autocomplete: 'new-password',
    hint: t('signUp.passwordRule'),
    maxLength: limits.passwordMax,
    reveal,
  });
  const repeat = createField({
    label: t(isAnother ? 'password.nextRepeat' : 'signUp.passwordRepeat'),
    type: 'password',
    name: 'new-password-again',
    autocomplete: 'new-password',
    maxLength: limits.passwordMax,
    reveal,
  });
  watchPassword(context, password, ownNames);
  repeat.input.addEventListener('input', () => repeat.setHint(''));

  const firstProblem = (): HTMLInputElement | null => {
    const problems: [Field, string | null][] = [
      [password, passwordProblem(context, password.input.value)],
      [repeat, repeat.input.value === password.input.value ? null : t('signUp.passwordDiffers')],
    ];
    const wrong = problems.filter(([, problem]) => problem !== null);
    for (const [field, problem] of wrong) field.setHint(problem ?? '', 'bad');
    return wrong[0]?.[0].input ?? null;
  };
  return {
    elements: [password.element, repeat.element],
    field: password,
    password: () => password.input.value,
    firstProblem,
    freeze: (isFrozen) => {
      for (const { input } of [password, repeat]) input.readOnly = isFrozen;
    },
  };
}

function passwordProblem({ locale }: PageContext, password: string): string | null {
  const { missing } = adviseOnPassword(password, []);
  return missing > 0 ? locale.t('signUp.passwordMore', { count: missing }) : null;
}

const strengthKeys = [
  'passwordRule',
  'passwordWeak',
  'passwordFair',
  'passwordGood',
  'passwordStrong',
] as const;

function watchPassword({ locale }: PageContext, field: Field, ownNames: () => string[]): void {
  const meter = h(
    'div',
    { class: 'meter', 'aria-hidden': 'true' },
    ...[1, 2, 3, 4].map(() => h('span', { class: 'meter__step' })),
  );
  field.addBelow(meter);
  field.input.addEventListener('input', () => {
    const text = field.input.value;
    const advice = adviseOnPassword(text, ownNames());
    meter.className = text === '' ? 'meter' : `meter meter--${advice.strength}`;
    if (text === '') field.setHint(locale.t('signUp.passwordRule'));
    else if (advice.missing > 0) field.setHint(locale.t('signUp.passwordMore', { count: advice.missing }));
    else if (advice.hasOwnName) field.setHint(locale.t('signUp.passwordOwnName'));
    else
      field.setHint(
        locale.t(`signUp.${strengthKeys[advice.strength]}`),
        advice.strength >= 3 ? 'good' : 'plain',
      );
  });
}
