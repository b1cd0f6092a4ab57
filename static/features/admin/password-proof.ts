import type { Answer } from '#contract/request.ts';
import { createField } from '../../ui/field.ts';
import type { Result } from '../../state/failure.ts';
import { fail } from '../../state/failure.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';

export type PasswordProof = {
  /** The box for the password; nothing where the host itself asks. */
  readonly elements: readonly HTMLElement[];
  /** Asks something with the derived key of what was typed; the host asks without. */
  ask: <Value>(request: (key: { authKey?: string }) => Promise<Answer<Value>>) => Promise<Result<Value>>;
};

/** The own password once more, before something that matters: an unlocked screen must not be enough for it. */
export function createPasswordProof({ locale, proveIdentity }: AdminContext): PasswordProof {
  if (proveIdentity === null) {
    return { elements: [], ask: async (request) => resultOf(await request({})) };
  }
  const field = createField({
    label: locale.say('backups.password'),
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    reveal: { show: locale.t('password.show'), hide: locale.t('password.hide') },
  });
  return {
    elements: [field.element],
    ask: async (request) => {
      const key = field.input.value === '' ? fail('WRONG_PASSWORD') : await proveIdentity(field.input.value);
      const result = key.ok ? resultOf(await request({ authKey: key.value })) : key;
      if (!result.ok && result.code === 'WRONG_PASSWORD') {
        field.input.focus();
        field.input.select();
      }
      return result;
    },
  };
}
