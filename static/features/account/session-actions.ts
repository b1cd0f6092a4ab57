/**
 * From "the server knows me" to "my keys are open", and back. The only place that holds what a sign-in gives: the CSRF token
 * and the key under which this browser keeps its copy of the vault key.
 */
import type { SignedIn } from '#contract/accounts.ts';
import type { CryptoEngine, Unlocked } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { reportError } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import type { AccountState, SessionEndReason } from './account-state.ts';
import { vaultRowOf } from './vault-row.ts';

/** What runs while somebody is signed in: connection, rooms, outbox. Made and ended by `session-scope.ts`. */
export type RunningSession = {
  unsentCount: () => number;
  /** Stores drafts, saves pins, ends the connection. The keys are still open while it runs. */
  end: (options: { isServerReachable: boolean }) => Promise<void>;
};

export type AccountSessionDeps = {
  account: Store<AccountState>;
  storage: ClientStorage;
  crypto: Pick<CryptoEngine, 'unlockWithDevice' | 'sealForDevice' | 'lock'>;
  run: (signedIn: SignedIn) => Promise<RunningSession>;
  /** Tells the other tabs that the copy of the vault key, which they share with this one, is another one. */
  announceVaultKey: (userUid: string) => void;
};

export type SessionEnd = {
  reason: SessionEndReason | null;
  /** The session that has ended; left out: the present one. News of it may come when somebody has signed in anew. */
  of?: string | undefined;
  /** Drops all that this browser keeps of the person. */
  isWiped: boolean;
  /** False: nothing that needs the server is tried (pins). */
  isServerReachable: boolean;
  /** Ends the server's session, after everything else and while the CSRF token is still known. */
  logOut?: () => Promise<void>;
};

export type AccountSession = {
  /** The answer of a sign-in, while there is one. */
  current: () => SignedIn | null;
  csrfToken: () => string | null;
  /** Remembers a sign-in whose vault is not open yet. */
  adopt: (signedIn: SignedIn) => void;
  /** That session has ended before anything was begun with it. */
  forget: () => void;
  /** Resolves when nothing is ending any more. */
  settled: () => Promise<void>;
  /** Opens the vault with this browser's copy of the vault key; null: the password is needed. */
  unlockWithDevice: () => Promise<Result<Unlocked | null>>;
  /** The vault is open: keeps this browser's copy of the vault key and starts everything that needs keys. */
  begin: (unlocked: Unlocked) => Promise<void>;
  /** After the vault key changed: keeps it, and tells the other tabs. */
  resealForDevice: () => Promise<void>;
  /** This browser's copy of the vault key, sealed; null without one. */
  keptVaultKey: () => Promise<string | null>;
  unsentCount: () => number;
  end: (how: SessionEnd) => Promise<void>;
};

/** Keys begin with the uid, so that a wipe takes them along. */
const vaultKeyName = (userUid: string): string => `${userUid}.vault-key`;
/** Whose things these are: the session that began last in this browser, in whichever tab. */
const sessionName = (userUid: string): string => `${userUid}.session`;

/** The end of a session goes through to its last step: keys are zeroed although something before it failed. */
const evenIfItFails = async (step: () => Promise<unknown>): Promise<void> => {
  try {
    await step();
  } catch (error) {
    reportError(error);
  }
};

export const createAccountSession = (deps: AccountSessionDeps): AccountSession => {
  const { account, storage, crypto } = deps;
  let signedIn: SignedIn | null = null;
  let running: RunningSession | null = null;
  let lastUserUid: string | null = null;
  let ending: Promise<void> = Promise.resolve();

  const keepForDevice = async (present: SignedIn): Promise<void> => {
    await storage.putValue(sessionName(present.me.userUid), present.sessionUid).catch(() => undefined);
    const sealed = await tryCrypto(() => crypto.sealForDevice(present.deviceKey));
    // Without it the password is asked for after the next reload, nothing worse.
    if (sealed.ok)
      await storage.putValue(vaultKeyName(present.me.userUid), sealed.value).catch(() => undefined);
  };

  const keptVaultKey = async (): Promise<string | null> =>
    signedIn && storage.getValue(vaultKeyName(signedIn.me.userUid)).catch(() => null);

  /** News of an earlier session: if somebody has signed in since, in another tab, what is kept here is theirs by now. */
  const clear = async (userUid: string, isWiped: boolean, sessionUid: string | undefined): Promise<void> => {
    const present = await storage.getValue(sessionName(userUid)).catch(() => null);
    if (present !== null && sessionUid !== undefined && present !== sessionUid) return;
    await (isWiped ? storage.wipe(userUid) : storage.removeValue(vaultKeyName(userUid)));
  };

  const endOnce: AccountSession['end'] = async ({ reason, of, isWiped, isServerReachable, logOut }) => {
    const leaving = signedIn;
    // A newer sign-in has taken its place, and what it keeps here is not that session's to wipe.
    if (of !== undefined && leaving !== null && leaving.sessionUid !== of) return;
    const stopping = running;
    const userUid = lastUserUid;
    // It has ended already, and why is on screen; only a wipe still has something to do.
    if (leaving === null && stopping === null && !isWiped) return;
    running = null;
    // Drafts are sealed with keys that are about to be zeroed, so this comes first.
    await evenIfItFails(async () => stopping?.end({ isServerReachable }));
    await evenIfItFails(() => crypto.lock());
    if (userUid !== null) await clear(userUid, isWiped, of).catch(() => undefined);
    await evenIfItFails(async () => logOut?.());
    if (signedIn?.sessionUid === leaving?.sessionUid) signedIn = null;
    account.patch({
      phase: { name: 'signed-out', endReason: reason, isBusy: false },
      isSheetUnconfirmed: false,
      keysChangedAt: null,
      restoredAt: null,
    });
  };

  /** One after the other: a second one must not zero the keys while the first still seals drafts with them. */
  const end: AccountSession['end'] = (how) => {
    ending = ending.then(() => endOnce(how));
    return ending;
  };

  return {
    current: () => signedIn,
    csrfToken: () => signedIn?.csrfToken ?? null,
    adopt: (next) => {
      signedIn = next;
      lastUserUid = next.me.userUid;
    },
    forget: () => {
      signedIn = null;
    },
    settled: () => ending,
    keptVaultKey,
    unlockWithDevice: async () => {
      // What still ends takes its own keys and copies along, not those of the session that comes now.
      await ending;
      const present = signedIn;
      const sealed = await keptVaultKey();
      if (!present || !sealed) return succeed(null);
      const unlocked = await tryCrypto(() =>
        crypto.unlockWithDevice(sealed, present.deviceKey, vaultRowOf(present)),
      );
      return !unlocked.ok && unlocked.code === 'WRONG_KEY' ? succeed(null) : unlocked;
    },
    begin: async (unlocked) => {
      await ending;
      const present = signedIn;
      if (present === null) return;
      await keepForDevice(present);
      const started = await deps.run(present);
      // It ended while it was being started: nothing of it may go on.
      if (signedIn !== present) {
        await started.end({ isServerReachable: false });
        return;
      }
      await running?.end({ isServerReachable: false });
      running = started;
      account.patch({
        phase: { name: 'signed-in', me: present.me, sessionUid: present.sessionUid },
        isSheetUnconfirmed: !unlocked.isSheetConfirmed,
        keysChangedAt: unlocked.keysChangedAt,
      });
    },
    resealForDevice: async () => {
      if (signedIn === null) return;
      await keepForDevice(signedIn);
      deps.announceVaultKey(signedIn.me.userUid);
    },
    unsentCount: () => running?.unsentCount() ?? 0,
    end,
  };
};
