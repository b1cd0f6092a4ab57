import { createLaterActions } from '../../state/later-actions.ts';
import type { Store } from '../../state/store.ts';
import type { AccountState } from './account-state.ts';
import type { SheetActions } from './sheet-actions.ts';
import type { SignUpActions } from './sign-up-actions.ts';

/** Signing up, whose code comes when somebody does: most open the page to sign in. */
export function createLaterSignUp(
  account: Store<AccountState>,
  load: () => Promise<SignUpActions>,
): SignUpActions {
  let made: SignUpActions | null = null;
  const names = { signUp: true, confirmSheet: true, confirmSheetLater: true } as const;
  const later = createLaterActions<Pick<SignUpActions, keyof typeof names>>(names, async () => {
    made = await load();
    return made;
  });
  return {
    ...later,
    signUp: async (form, password) => {
      // The form is busy from the first moment on, also while the code comes.
      account.patch({ phase: { name: 'signing-up', signUp: { step: 'checking' } } });
      const result = await later.signUp(form, password);
      if (made === null) account.patch({ phase: { name: 'signed-out', endReason: null, isBusy: false } });
      return result;
    },
    cancelSignUp: () => made?.cancelSignUp(),
  };
}

/** Making a new sheet, whose code comes when somebody does. */
export function createLaterSheet(load: () => Promise<SheetActions>): SheetActions {
  let made: SheetActions | null = null;
  const names = { replaceSheet: true, confirmNewSheet: true } as const;
  const later = createLaterActions<Pick<SheetActions, keyof typeof names>>(names, async () => {
    made = await load();
    return made;
  });
  return { ...later, cancelNewSheet: () => made?.cancelNewSheet() };
}
