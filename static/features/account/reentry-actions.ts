/**
 * Back in without the password: by the recovery sheet, or by an admin's code, which makes a new identity. The keys and the new
 * sheet are made first and shown; the server changes nothing before the last step, and then all of it at once.
 */
import type { SignedIn } from '#contract/accounts.ts';
import type { RequestOutput } from '#contract/index.ts';
import type { RecoveryEngine, RecoveryKeysMade, ResetKeysMade } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { chooseAskedGroups, isTypeBackRight } from './account-state.ts';
import type { PendingSheet } from './account-state.ts';
import type { KeyActionsDeps } from './key-actions.ts';
import { createPendingSignOut } from './pending-sign-out.ts';

/** Whose account was opened. */
export type ReentryPerson = { username: string; displayName: string };

export type ReentryActions = {
  /** BAD_SHEET for a typing mistake; RECOVERY_WRONG, LOCKED_OUT. Changes nothing on the server. */
  openWithSheet: (username: string, sheet: string) => Promise<Result<ReentryPerson>>;
  /** RESET_CODE_WRONG, RESET_CODE_EXPIRED, LOCKED_OUT. Changes nothing on the server. */
  openWithCode: (username: string, code: string) => Promise<Result<ReentryPerson>>;
  /** Makes the keys and a new sheet. WEAK_PASSWORD. */
  choosePassword: (password: string) => Promise<Result<PendingSheet>>;
  /**
   * Two groups typed back (null: later): puts everything in force and signs in. SHEET_MISMATCH. After a failure that is
   * retryable the same may be in force already: calling it again finds out.
   */
  finishReentry: (typed: readonly [string, string] | null) => Promise<Result<void>>;
  cancelReentry: () => void;
};

type Opened = ReentryPerson &
  ({ kind: 'sheet'; recoveryAuth: string } | { kind: 'code'; code: string; reset: ResetOpened });
type ResetOpened = RequestOutput<'reset:open'>;

type Made = { sheet: PendingSheet; isOutcomeUnknown: boolean } & (
  | { kind: 'sheet'; request: RecoveryKeysMade }
  | { kind: 'code'; request: ResetKeysMade }
);

/** Another browser of the same person may be saving pins at the same moment. */
const maxRaces = 4;

export function createReentryActions(deps: KeyActionsDeps): ReentryActions {
  const { http, crypto } = deps;
  let opened: Opened | null = null;
  let made: Made | null = null;

  const forget = (): void => {
    opened = null;
    made = null;
  };
  const openSheetOf = async (username: string, recoveryAuth: string) => {
    const answer = await http('recovery:open', { username, recoveryAuth });
    if (!answer.ok) return answer;
    const { userUid, identityVersion, vault, statement } = answer.value;
    return succeed({ ...answer.value, row: { userUid, identityVersion, vault, statement } });
  };

  const send = (from: Opened, keys: Made): Promise<Result<SignedIn>> => {
    const { username } = from;
    if (from.kind === 'sheet' && keys.kind === 'sheet') {
      const { recoveryAuth } = from;
      return http('recovery:complete', { ...keys.request, username, recoveryAuth });
    }
    if (from.kind === 'code' && keys.kind === 'code') {
      return http('reset:complete', { ...keys.request, username, code: from.code });
    }
    return Promise.resolve(fail('NOTHING_PENDING'));
  };

  /** Somebody else saved first: the same keys again, above what is stored now. */
  const rebase = async (from: Opened, keys: Made): Promise<Result<Made>> => {
    let fresh: Parameters<RecoveryEngine['rebase']>[0];
    if (from.kind === 'sheet') {
      const again = await openSheetOf(from.username, from.recoveryAuth);
      if (!again.ok) return again;
      fresh = again.value.row;
    } else {
      const again = await http('reset:open', { username: from.username, code: from.code });
      if (!again.ok) return again;
      fresh = { counters: again.value.counters };
    }
    const parts = await tryCrypto(() => crypto.recovery('rebase', fresh));
    if (!parts.ok) return parts;
    return succeed(
      keys.kind === 'sheet'
        ? { ...keys, request: { ...keys.request, ...parts.value } }
        : { ...keys, request: { ...keys.request, ...parts.value } },
    );
  };

  /** Until the server has it, or refuses it for good. */
  const complete = async (from: Opened): Promise<Result<SignedIn>> => {
    for (let race = 0; ; race += 1) {
      const keys = made;
      if (keys === null) return fail('CANCELLED');
      const answer = await send(from, keys);
      if (made !== keys) return fail('CANCELLED');
      if (answer.ok) return answer;
      made = { ...keys, isOutcomeUnknown: keys.isOutcomeUnknown || answer.isRetryable };
      if (answer.code !== 'STALE_COUNTER' || race === maxRaces) return answer;
      const next = await rebase(from, made);
      if (!next.ok) return next;
      made = next.value;
    }
  };

  const begin = async (signedIn: SignedIn): Promise<Result<void>> => {
    const { session } = deps;
    session.adopt(signedIn);
    const unlocked = await tryCrypto(() => crypto.recovery('finish'));
    if (!unlocked.ok) {
      await session.end({ reason: null, isWiped: false, isServerReachable: true });
      return unlocked;
    }
    await session.begin(unlocked.value);
    deps.announceSignIn(signedIn.me.userUid);
    return succeed(undefined);
  };

  return {
    openWithSheet: async (username, sheet) => {
      forget();
      const proof = await tryCrypto(() => crypto.recovery('readSheet', sheet));
      if (!proof.ok) return proof;
      const answer = await openSheetOf(username, proof.value);
      if (!answer.ok) return answer;
      const { row, displayName, username: name } = answer.value;
      const vault = await tryCrypto(() => crypto.recovery('openWithSheet', row));
      // The server knows the sheet, and what it gave does not open with it.
      if (!vault.ok) return vault.code === 'WRONG_KEY' ? fail('VAULT_TAMPERED') : vault;
      opened = { kind: 'sheet', username: name, displayName, recoveryAuth: proof.value };
      return succeed({ username: name, displayName });
    },
    openWithCode: async (username, code) => {
      forget();
      const answer = await http('reset:open', { username, code });
      if (!answer.ok) return answer;
      const { username: name, displayName } = answer.value;
      opened = { kind: 'code', username: name, displayName, code, reset: answer.value };
      return succeed({ username: name, displayName });
    },
    choosePassword: async (password) => {
      const from = opened;
      if (from === null) return fail('NOTHING_PENDING');
      const { username, displayName } = from;
      const chosen = { password, username, displayName };
      const keys = await tryCrypto(
        async (): Promise<Pick<Made, 'kind' | 'request'> & { sheetGroups: string[] }> =>
          from.kind === 'sheet'
            ? { kind: 'sheet', ...(await crypto.recovery('makeRecovery', chosen)) }
            : { kind: 'code', ...(await crypto.recovery('makeReset', from.reset, chosen)) },
      );
      if (!keys.ok) return keys;
      if (opened !== from) return fail('CANCELLED');
      const { sheetGroups, ...rest } = keys.value;
      const sheet = { sheetGroups, askedGroups: chooseAskedGroups(sheetGroups.length, deps.pick) };
      // `kind` and `request` were made together just now.
      made = { ...rest, sheet, isOutcomeUnknown: false } as Made;
      return succeed(sheet);
    },
    finishReentry: async (typed) => {
      const from = opened;
      if (from === null || made === null) return fail('NOTHING_PENDING');
      const { sheetGroups, askedGroups } = made.sheet;
      if (typed !== null && !isTypeBackRight(sheetGroups, askedGroups, typed)) return fail('SHEET_MISMATCH');
      if (typed !== null && !made.isOutcomeUnknown) {
        const keys = await tryCrypto(() => crypto.recovery('confirmSheet'));
        if (!keys.ok) return keys;
        const request = { ...made.request, keys: keys.value };
        made = { ...made, request } as Made; // the same kind as before
      }
      // The new session takes the place of the old one's cookie, and nobody could end that one any more.
      await createPendingSignOut(deps).finish();
      const answer = await complete(from);
      if (!answer.ok) return answer;
      forget();
      return begin(answer.value);
    },
    cancelReentry: forget,
  };
}
