/** Starting, signing up, signing in and out, profile. Views call these; nothing else calls the server about accounts. */
import type { SignedIn } from '#contract/accounts.ts';
import { contractVersion } from '#contract/version.ts';
import type { HttpCall } from '../../connection/http-call.ts';
import { backOffMs } from '../../connection/back-off.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import type { TabMessage } from '../tabs/tab-state.ts';
import { waitingName } from './approval-loading.ts';
import type { LaterApproval } from './approval-loading.ts';
import { withMe } from './account-state.ts';
import type { AccountState, SignUpForm } from './account-state.ts';
import { createPendingSignOut } from './pending-sign-out.ts';
import type { PendingSignOut } from './pending-sign-out.ts';
import type { AccountSession } from './session-actions.ts';
import { openWithPassword } from './vault-return.ts';

export type ProfileChange = {
  displayName?: string;
  department?: string;
  title?: string;
  statusText?: string;
  /** When the status is taken away; null for never. */
  statusUntil?: number | null;
};

export type SignUpCodes = { setUpCode?: string; invitationCode?: string };

export type AccountActions = {
  /** At page load: resumes a live session or shows the sign-in form; tries again by itself while the server is away. */
  start: () => Promise<void>;
  /** Asks again what `serverInfo` says (set-up needed, sign-up policy). */
  refreshServerInfo: () => Promise<Result<void>>;
  /** Whether a user name is free, for the field while it is typed. The value is the canonical form. */
  checkName: (username: string, codes: SignUpCodes) => Promise<Result<string>>;
  /**
   * Checks name and password, makes the keys, then the phase shows the sheet. On a refusal the phase goes back to
   * `signed-out` and the view keeps the form. WEAK_PASSWORD, NAME_TAKEN, SETUP_CODE_WRONG, SIGN_UP_CLOSED, …
   */
  signUp: (form: SignUpForm, password: string) => Promise<Result<void>>;
  /** Two groups of the sheet typed back: registers, or refuses SHEET_MISMATCH. A failure keeps the sheet on screen. */
  confirmSheet: (typed: readonly [string, string]) => Promise<Result<void>>;
  /** Registers without the type-back; `isSheetUnconfirmed` stays lit. */
  confirmSheetLater: () => Promise<Result<void>>;
  /** Forgets everything made so far. */
  cancelSignUp: () => void;
  /**
   * NEWER_KEYS: after a restore this browser keeps keys of a reset that the server lost; `newer` is the password of that time.
   */
  signIn: (username: string, password: string, newer?: string) => Promise<Result<void>>;
  /** In the phase `locked`. */
  unlock: (password: string) => Promise<Result<void>>;
  /**
   * Wipes everything this browser keeps of the account. Refuses UNSENT_MESSAGES unless `evenIfUnsent`; works without a
   * connection, too (the session then ends on the server when it is reached or expires).
   */
  signOut: (options?: { evenIfUnsent?: boolean }) => Promise<Result<void>>;
  updateProfile: (change: ProfileChange) => Promise<Result<void>>;
  deleteAccount: (password: string) => Promise<Result<void>>;
  /** Leaves the screen of an account that waits for an administrator; it goes on waiting. */
  leaveWaiting: () => void;
  /** The user has read that the server was restored. */
  closeRestoreNotice: () => void;
};

export type AccountActionsDeps = {
  http: HttpCall;
  account: Store<AccountState>;
  storage: ClientStorage;
  crypto: Pick<CryptoEngine, 'deriveAuthKey' | 'unlockWithPassword' | 'recovery'>;
  session: AccountSession;
  approval: LaterApproval;
  timers: Timers;
  random: () => number;
  /** Tells the other tabs. */
  announce: (message: Extract<TabMessage, { type: 'signed-in' | 'signed-out' }>) => void;
  /** The server speaks a newer contract than this page. */
  onOutdated: () => void;
};

type BasicActions = Omit<AccountActions, 'signUp' | 'confirmSheet' | 'confirmSheetLater' | 'cancelSignUp'>;

export const createAccountActions = (given: AccountActionsDeps): BasicActions => {
  const deps = { ...given, pendingSignOut: createPendingSignOut(given) };
  return {
    ...createStarting(deps),
    ...createSigningIn(deps),
    ...createSigningOut(deps),
    ...createProfileActions(deps),
  };
};

type InsideDeps = AccountActionsDeps & { pendingSignOut: PendingSignOut };

const createProfileActions = (
  deps: AccountActionsDeps,
): Pick<AccountActions, 'checkName' | 'updateProfile' | 'leaveWaiting' | 'closeRestoreNotice'> => ({
  leaveWaiting: deps.approval.cancel,
  closeRestoreNotice: () => deps.account.patch({ restoredAt: null }),
  checkName: async (username, codes) => {
    const result = await deps.http('account:check-name', { username, ...codes });
    return result.ok ? succeed(result.value.username) : result;
  },
  updateProfile: async (change) => {
    const result = await deps.http('account:update', change);
    if (!result.ok) return result;
    // The answer is the server's state; `me:updated` tells this person's other devices.
    deps.account.update((state) => withMe(state, result.value));
    return succeed(undefined);
  },
});

const createStarting = (deps: InsideDeps): Pick<AccountActions, 'start' | 'refreshServerInfo'> => {
  const { http, account, session, timers } = deps;
  let starting: Promise<void> | null = null;
  let isWantedAgain = false;

  const refreshServerInfo = async (): Promise<Result<void>> => {
    const info = await http('server:info', {});
    if (!info.ok) return info;
    account.patch({ serverInfo: info.value });
    if (info.value.contractVersion !== contractVersion) deps.onOutdated();
    return succeed(undefined);
  };

  const resume = async (): Promise<Result<void>> => {
    const info = await refreshServerInfo();
    if (!info.ok) return info;
    await deps.pendingSignOut.finish();
    const resumed = await http('session:resume', {});
    if (!resumed.ok) {
      if (resumed.isRetryable) return resumed;
      const waiting = await deps.storage.getValue(waitingName).catch(() => null);
      if (waiting !== null && (await waitAgain(waiting))) return succeed(undefined);
      account.patch({ phase: { name: 'signed-out', endReason: null, isBusy: false } });
      return succeed(undefined);
    }
    session.adopt(resumed.value);
    const unlocked = await session.unlockWithDevice();
    // The one thing unlocking fetches: without it the password would not help either.
    if (!unlocked.ok && unlocked.code === 'STATEMENT_MISSING') return fail('OFFLINE');
    if (unlocked.ok && unlocked.value !== null) await session.begin(unlocked.value);
    else account.patch({ phase: { name: 'locked', me: resumed.value.me, isBusy: false } });
    return succeed(undefined);
  };

  /** This browser's account waits for an administrator; this page has no keys to open it with. */
  const waitAgain = (username: string): Promise<boolean> =>
    deps.approval.begin(username, async () => fail('NOT_SIGNED_IN'));

  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      timers.after(delayMs, resolve);
    });

  const resumeUntilAnswered = async (): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const result = await resume();
      if (result.ok) return;
      account.patch({ phase: { name: 'starting', failure: result } });
      await pause(Math.max(backOffMs(attempt, deps.random), result.retryAfterMs ?? 0));
    }
  };

  const startOnce = async (): Promise<void> => {
    do {
      isWantedAgain = false;
      await resumeUntilAnswered();
      // Another tab signed in while this one was being told that nobody is.
    } while (isWantedAgain && account.get().phase.name === 'signed-out');
  };

  return {
    refreshServerInfo,
    start: () => {
      // One at a time: two would begin two sessions side by side.
      isWantedAgain = starting !== null;
      starting ??= startOnce().finally(() => {
        starting = null;
      });
      return starting;
    },
  };
};

const createSigningIn = (deps: InsideDeps): Pick<AccountActions, 'signIn' | 'unlock'> => {
  const { http, account, session, crypto } = deps;

  const unlockWithPassword = async (authKey: string, newer: string | null = null): Promise<Result<void>> => {
    const unlocked = await openWithPassword(deps, authKey, newer);
    if (!unlocked.ok) return unlocked;
    await session.begin(unlocked.value);
    return succeed(undefined);
  };

  const proveAndUnlock = async (
    username: string,
    password: string,
    newer: string | null,
  ): Promise<Result<void>> => {
    // The new session takes the place of the old one's cookie, and nobody could end that one any more.
    await deps.pendingSignOut.finish();
    const prelogin = await http('account:prelogin', { username });
    if (!prelogin.ok) return prelogin;
    const { salt, kdf } = prelogin.value;
    const authKey = await tryCrypto(() => crypto.deriveAuthKey(password, salt, kdf));
    if (!authKey.ok) return authKey;
    const signedIn = await http('account:login', { username, authKey: authKey.value });
    if (!signedIn.ok) {
      if (signedIn.code === 'APPROVAL_PENDING') {
        await deps.approval.begin(username, () => unlockWithPassword(authKey.value));
      }
      return signedIn;
    }
    session.adopt(signedIn.value);
    const unlocked = await unlockWithPassword(authKey.value, newer);
    if (!unlocked.ok) {
      // The server let us in and the vault did not open: a session without keys is of no use to anybody.
      await http('account:logout', {});
      await session.end({ reason: null, isWiped: false, isServerReachable: true });
      return unlocked;
    }
    deps.announce({ type: 'signed-in', userUid: signedIn.value.me.userUid });
    return succeed(undefined);
  };

  const setBusy = (isBusy: boolean): void =>
    account.update((state) =>
      state.phase.name === 'signed-out' || state.phase.name === 'locked'
        ? { ...state, phase: { ...state.phase, isBusy } }
        : state,
    );
  const whileBusy = async (work: () => Promise<Result<void>>): Promise<Result<void>> => {
    setBusy(true);
    try {
      return await work();
    } finally {
      setBusy(false);
    }
  };

  return {
    signIn: (username, password, newer) => whileBusy(() => proveAndUnlock(username, password, newer ?? null)),
    unlock: (password) =>
      whileBusy(async () => {
        const signedIn = session.current();
        if (signedIn === null) return fail('NOT_SIGNED_IN');
        const { salt, kdf } = signedIn.vault;
        const authKey = await tryCrypto(() => crypto.deriveAuthKey(password, salt, kdf));
        if (!authKey.ok) return authKey;
        const unlocked = await unlockWithPassword(authKey.value);
        // The vault's own wrap is the judge here, so a wrong password shows as a wrong key.
        return !unlocked.ok && unlocked.code === 'WRONG_KEY' ? fail('WRONG_PASSWORD') : unlocked;
      }),
  };
};

const createSigningOut = (deps: InsideDeps): Pick<AccountActions, 'signOut' | 'deleteAccount'> => {
  const { http, session } = deps;

  const logOut = async (sessionUid: string): Promise<void> => {
    const result = await http('account:logout', {});
    if (!result.ok && result.isRetryable) await deps.pendingSignOut.note(sessionUid);
  };

  const announceSignOut = ({ me, sessionUid }: SignedIn): void =>
    deps.announce({ type: 'signed-out', userUid: me.userUid, sessionUid });

  return {
    signOut: async (options) => {
      if (session.unsentCount() > 0 && options?.evenIfUnsent !== true) return fail('UNSENT_MESSAGES');
      const signedIn = session.current();
      await session.end({
        reason: null,
        isWiped: true,
        isServerReachable: true,
        ...(signedIn === null ? {} : { logOut: () => logOut(signedIn.sessionUid) }),
      });
      if (signedIn !== null) announceSignOut(signedIn);
      return succeed(undefined);
    },
    deleteAccount: async (password) => {
      const signedIn = session.current();
      if (signedIn === null) return fail('NOT_SIGNED_IN');
      const { salt, kdf } = signedIn.vault;
      const authKey = await tryCrypto(() => deps.crypto.deriveAuthKey(password, salt, kdf));
      if (!authKey.ok) return authKey;
      const deleted = await http('account:delete', { authKey: authKey.value });
      if (!deleted.ok) return deleted;
      await session.end({ reason: 'account-deleted', isWiped: true, isServerReachable: false });
      announceSignOut(signedIn);
      return succeed(undefined);
    },
  };
};
