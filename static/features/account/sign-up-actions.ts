/** Signing up: the name first, then the keys, then the sheet, and only then the account. */
import type { HttpCall } from '../../connection/http-call.ts';
import type { CryptoEngine, RegistrationKeys } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { AccountActions, SignUpCodes } from './account-actions.ts';
import { chooseAskedGroups, isTypeBackRight } from './account-state.ts';
import type { AccountState, SignUp, SignUpForm } from './account-state.ts';
import type { LaterApproval } from './approval-loading.ts';
import type { AccountSession } from './session-actions.ts';

export type SignUpDeps = {
  http: HttpCall;
  account: Store<AccountState>;
  crypto: Pick<CryptoEngine, 'prepareRegistration' | 'confirmRegistrationSheet' | 'finishRegistration'>;
  session: AccountSession;
  approval: Pick<LaterApproval, 'begin'>;
  newUid: () => string;
  /** A random whole number below n. */
  pick: (below: number) => number;
  announceSignIn: (userUid: string) => void;
};

export type SignUpActions = Pick<
  AccountActions,
  'signUp' | 'confirmSheet' | 'confirmSheetLater' | 'cancelSignUp'
>;

/** Made, shown, and not stored by the server yet. In memory only. */
type Pending = {
  userUid: string;
  form: SignUpForm;
  username: string;
  request: RegistrationKeys;
  sheetGroups: readonly string[];
  askedGroups: readonly [number, number];
  /** One per registration: a repeat after a lost answer gets the first answer. */
  idempotencyKey: string;
  /** It was sent and nobody knows whether it arrived: a repeat must be the same to the letter. */
  isOutcomeUnknown: boolean;
};

export const createSignUpActions = (deps: SignUpDeps): SignUpActions => {
  const { http, account, crypto, session } = deps;
  let pending: Pending | null = null;
  /** Counts the attempts: what a cancelled one still delivers is dropped. */
  let current = 0;

  const show = (signUp: SignUp): void => account.patch({ phase: { name: 'signing-up', signUp } });
  const showForm = (): void => {
    account.patch({ phase: { name: 'signed-out', endReason: null, isBusy: false } });
  };
  const showSheet = (step: 'sheet' | 'registering', { username, sheetGroups, askedGroups }: Pending): void =>
    show({ step, username, sheetGroups, askedGroups });

  const prepare = async (
    form: SignUpForm,
    password: string,
    mine: number,
  ): Promise<Result<Pending | null>> => {
    show({ step: 'checking' });
    const name = await http('account:check-name', {
      username: form.username,
      ...codesOf(form),
    });
    if (!name.ok) return name;
    if (mine !== current) return succeed(null);
    show({ step: 'preparing' });
    const { username } = name.value;
    const userUid = deps.newUid();
    const { displayName } = form;
    const made = await tryCrypto(() =>
      crypto.prepareRegistration({ userUid, username, displayName, password }),
    );
    if (!made.ok) return made;
    const { request, sheetGroups } = made.value;
    const askedGroups = chooseAskedGroups(sheetGroups.length, deps.pick);
    const idempotencyKey = deps.newUid();
    const isOutcomeUnknown = false;
    return succeed({
      userUid,
      form,
      username,
      request,
      sheetGroups,
      askedGroups,
      idempotencyKey,
      isOutcomeUnknown,
    });
  };

  /** The vault itself says that the sheet was typed back, so that every browser of this person knows it. */
  const confirmed = async (made: Pending): Promise<Result<Pending>> => {
    if (made.isOutcomeUnknown) return succeed(made);
    const keys = await tryCrypto(() => crypto.confirmRegistrationSheet());
    if (!keys.ok) return keys;
    if (pending !== made) return fail('CANCELLED');
    const request = { ...made.request, vault: { ...made.request.vault, keys: keys.value } };
    pending = { ...made, request };
    return succeed(pending);
  };

  const register = async (made: Pending): Promise<Result<void>> => {
    const mine = current;
    showSheet('registering', made);
    const result = await http('account:register', registrationInput(made), made.idempotencyKey);
    if (!result.ok) {
      if (mine !== current) return fail('CANCELLED');
      if (result.code === 'APPROVAL_PENDING' && (await waitForApproval(made))) {
        pending = null;
        return succeed(undefined);
      }
      pending = { ...made, isOutcomeUnknown: made.isOutcomeUnknown || result.isRetryable };
      showSheet('sheet', made);
      return result;
    }
    pending = null;
    session.adopt(result.value);
    return begin(made);
  };
  const begin = async (made: Pending): Promise<Result<void>> => {
    const unlocked = await tryCrypto(() => crypto.finishRegistration());
    if (!unlocked.ok) {
      await session.end({ reason: null, isWiped: false, isServerReachable: true });
      return unlocked;
    }
    await session.begin(unlocked.value);
    deps.announceSignIn(made.userUid);
    return succeed(undefined);
  };

  /** The account is there and an administrator has to let it in; the keys stay in this page until then. */
  const waitForApproval = (made: Pending): Promise<boolean> =>
    deps.approval.begin(made.username, () => begin(made));

  return {
    signUp: async (form, password) => {
      current += 1;
      const mine = current;
      const made = await prepare(form, password, mine);
      if (mine !== current) return fail('CANCELLED');
      if (!made.ok || made.value === null) {
        showForm();
        return made.ok ? fail('CANCELLED') : made;
      }
      pending = made.value;
      showSheet('sheet', made.value);
      return succeed(undefined);
    },
    confirmSheet: async (typed) => {
      if (pending === null) return fail('NOTHING_PENDING');
      if (!isTypeBackRight(pending.sheetGroups, pending.askedGroups, typed)) return fail('SHEET_MISMATCH');
      const made = await confirmed(pending);
      return made.ok ? register(made.value) : made;
    },
    confirmSheetLater: async () => (pending === null ? fail('NOTHING_PENDING') : register(pending)),
    cancelSignUp: () => {
      current += 1;
      pending = null;
      showForm();
    },
  };
};

const registrationInput = ({ userUid, form, username, request }: Pending) => ({
  ...request,
  // The contract knows parallelism 1 only, and so does the engine.
  kdf: { ...request.kdf, parallelism: 1 as const },
  userUid,
  username,
  displayName: form.displayName,
  ...(form.department === '' ? {} : { department: form.department }),
  ...(form.title === '' ? {} : { title: form.title }),
  ...codesOf(form),
});

const codesOf = ({ setUpCode, invitationCode }: SignUpForm): SignUpCodes => ({
  ...(setUpCode === '' ? {} : { setUpCode }),
  ...(invitationCode === '' ? {} : { invitationCode }),
});
