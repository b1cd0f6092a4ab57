/** Who is signed in and how far a sign-in or sign-up has come. No DOM. */
import type { Me, SessionRow } from '#contract/accounts.ts';
import type { EventPayload } from '#contract/index.ts';
import type { ServerInfo } from '#contract/server-info.ts';
import { isSameSheetGroup } from '../../crypto/index.ts';
import type { Failure } from '../../state/failure.ts';

export type SessionEndReason = EventPayload<'session:ended'>['reason'];

export type AccountState = {
  phase: AccountPhase;
  /** What the server says before anybody signed in; null until it answered once. */
  serverInfo: ServerInfo | null;
  /**
   * The lasting red light: the recovery sheet of this account was never confirmed by typing it back. Cleared by
   * making a new sheet and confirming it.
   */
  isSheetUnconfirmed: boolean;
  /** `vault.keysChangedAt`: "keys last changed on …". */
  keysChangedAt: number | null;
  /** When the server was restored, if this browser noticed it just now; null also once the user has seen it. */
  restoredAt: number | null;
};

export type AccountPhase =
  /** Asking the server for a live session. `failure` set: the server cannot be reached, trying again by itself. */
  | { name: 'starting'; failure: Failure | null }
  /**
   * `endReason` says why an earlier session ended (null: there was none, or the user signed out); `not-waiting`: the account
   * that waited for an administrator does not any more.
   */
  | { name: 'signed-out'; endReason: SessionEndReason | 'not-waiting' | null; isBusy: boolean }
  | { name: 'signing-up'; signUp: SignUp }
  /** The account is made; an administrator has to let it in. `isServerAway`: nobody answers the question just now. */
  | { name: 'waiting'; username: string; isServerAway: boolean }
  /** The session lives but this browser cannot open the vault: the password is asked for once. */
  | { name: 'locked'; me: Me; isBusy: boolean }
  | { name: 'signed-in'; me: Me; sessionUid: string };

export type SignUpForm = {
  username: string;
  displayName: string;
  department: string;
  title: string;
  setUpCode: string;
  invitationCode: string;
};

export type SignUp =
  /** The name is being checked, then keys are being made (about a second, in a worker). */
  | { step: 'checking' }
  | { step: 'preparing' }
  /** Show, print, download the sheet: nine groups of four characters. */
  | { step: 'sheet'; username: string; sheetGroups: readonly string[]; askedGroups: AskedGroups }
  /** The register request is under way; the sheet stays in memory so that a failure loses nothing. */
  | { step: 'registering'; username: string; sheetGroups: readonly string[]; askedGroups: AskedGroups };

/** Zero-based indices of the two groups that are asked back. */
export type AskedGroups = readonly [number, number];

/** A new sheet while it is shown and not yet stored (`account.replaceSheet`). */
export type PendingSheet = { sheetGroups: readonly string[]; askedGroups: AskedGroups };

export type SessionsState = { sessions: readonly SessionRow[]; isLoading: boolean; failure: Failure | null };

export const initialAccountState = (): AccountState => ({
  phase: { name: 'starting', failure: null },
  serverInfo: null,
  isSheetUnconfirmed: false,
  keysChangedAt: null,
  restoredAt: null,
});

/** The signed-in person, also while the vault is locked; null otherwise. */
export const meOf = (state: AccountState): Me | null =>
  state.phase.name === 'signed-in' || state.phase.name === 'locked' ? state.phase.me : null;

export const meUidOf = (state: AccountState): string | null => meOf(state)?.userUid ?? null;

export const withMe = (state: AccountState, me: Me): AccountState =>
  state.phase.name === 'signed-in' || state.phase.name === 'locked'
    ? { ...state, phase: { ...state.phase, me } }
    : state;
/** Whether the two groups typed back are those of the sheet (look-alike letters are forgiven). */
export const isTypeBackRight = (
  sheetGroups: readonly string[],
  asked: AskedGroups,
  typed: readonly [string, string],
): boolean =>
  asked.every((groupIndex, index) => {
    const group = sheetGroups[groupIndex];
    return group !== undefined && isSameSheetGroup(group, typed[index] ?? '');
  });

/** Two different groups of a sheet, in ascending order. `pick(n)` gives a whole number below n. */
export const chooseAskedGroups = (count: number, pick: (below: number) => number): AskedGroups => {
  const first = pick(count);
  const second = (first + 1 + pick(count - 1)) % count;
  return first < second ? [first, second] : [second, first];
};
