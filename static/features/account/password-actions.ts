/** Another password: a new vault key under it. The recovery sheet stays; every other session of this person ends. */
import type { SignedIn } from '#contract/accounts.ts';
import type { PasswordChange } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { KeyActionsDeps } from './key-actions.ts';

export type PasswordActions = {
  /**
   * WRONG_PASSWORD, WEAK_PASSWORD. After a failure that is retryable the new password may be in force already: calling it
   * again, whatever with, sends the same once more and finds out.
   */
  changePassword: (current: string, next: string) => Promise<Result<void>>;
};

/** Other browsers of the same person may be saving pins at the same moment. */
const maxRaces = 4;

export function createPasswordActions(deps: KeyActionsDeps): PasswordActions {
  const { http, account, crypto, session } = deps;
  /** Sent, and nobody knows whether it arrived. */
  let unknown: PasswordChange | null = null;

  const make = ({ me, vault }: SignedIn, current: string, next: string): Promise<Result<PasswordChange>> => {
    const { salt, kdf } = vault;
    const { username, displayName } = me;
    const chosen = { password: next, username, displayName };
    return tryCrypto(() => crypto.recovery('changePassword', { password: current, salt, kdf }, chosen));
  };

  /** Takes in what another browser saved, and makes the same change above it. */
  const rebase = async (request: PasswordChange): Promise<Result<PasswordChange>> => {
    const vault = await http('vault:get', {});
    if (!vault.ok) return vault;
    const parts = await tryCrypto(async () => {
      await crypto.mergePins(vault.value.pins);
      return crypto.recovery('rebase', null);
    });
    return parts.ok ? succeed({ ...request, ...parts.value }) : parts;
  };

  const store = async (
    made: PasswordChange,
  ): Promise<Result<{ request: PasswordChange; changedAt: number }>> => {
    let request = made;
    for (let race = 0; ; race += 1) {
      unknown = request;
      const stored = await http('account:change-password', request);
      if (stored.ok) return succeed({ request, changedAt: stored.value.keysChangedAt });
      if (stored.isRetryable) return stored;
      unknown = null;
      // New keys of another browser cannot be taken in here: the next sign-in has them.
      if (stored.code !== 'STALE_COUNTER' || stored.field !== 'pins' || race === maxRaces) return stored;
      const next = await rebase(request);
      if (!next.ok) return next;
      request = next.value;
    }
  };

  const finish = async (request: PasswordChange, keysChangedAt: number): Promise<Result<void>> => {
    unknown = null;
    const signedIn = session.current();
    if (signedIn === null) return fail('NOT_SIGNED_IN');
    const { salt, kdf, keys, pins, passwordWrap, recoveryWrap } = request;
    const vault = { salt, kdf, keys, pins, passwordWrap, recoveryWrap, keysChangedAt };
    session.adopt({ ...signedIn, vault });
    const unlocked = await tryCrypto(() => crypto.recovery('finishChange'));
    // Signed out meanwhile: the next sign-in finds the new vault.
    if (!unlocked.ok) return unlocked;
    account.patch({
      isSheetUnconfirmed: !unlocked.value.isSheetConfirmed,
      keysChangedAt: unlocked.value.keysChangedAt,
    });
    await session.resealForDevice();
    return succeed(undefined);
  };

  return {
    changePassword: async (current, next) => {
      const signedIn = session.current();
      if (signedIn === null) return fail('NOT_SIGNED_IN');
      const made = unknown === null ? await make(signedIn, current, next) : succeed(unknown);
      // The vault's own wrap is the judge here, so a wrong password shows as a wrong key.
      if (!made.ok) return made.code === 'WRONG_KEY' ? fail('WRONG_PASSWORD') : made;
      const stored = await store(made.value);
      return stored.ok ? finish(stored.value.request, stored.value.changedAt) : stored;
    },
  };
}
