import type { VaultPart } from '#contract/accounts.ts';
import type { OldVault } from '#contract/recovery.ts';
import type { KdfParameters, StatementRow } from '#contract/sealed.ts';
import type { CurrentPassword, Unlocked, VaultRow } from './engine-types.ts';

/**
 * Ways back in, another password, and a sheet found later (docs/e2e-protocol.md section 3). All of it is a part of the
 * worker that comes when it is first asked for: `crypto.recovery('readSheet', typed)`.
 */

/** A password that somebody chose; names are what it must not hold. */
export type NewPassword = { password: string; username: string; displayName: string };

/** What `recovery:open` gives of a person: the vault and the statement that its keys must make. */
export type SheetRow = Omit<VaultRow, 'generation'> & { statement: StatementRow };

/** A vault under a new key, as every request that replaces one carries it. */
export type RenewedKeys = {
  salt: string;
  kdf: KdfParameters;
  keys: VaultPart;
  pins: VaultPart;
  passwordWrap: string;
  recoveryWrap: string;
};

/** The secret part of `recovery:complete`. */
export type RecoveryKeysMade = RenewedKeys & { newAuthKey: string; newRecoveryAuth: string };

/** The secret part of `reset:complete` but for the code. */
export type ResetKeysMade = RenewedKeys & {
  authKey: string;
  recoveryAuth: string;
  statement: string;
  statementSignature: string;
};

/** Of whom `reset:open` says that a new identity is to be made: the present version and counters. */
export type ResetPerson = {
  userUid: string;
  identityVersion: number;
  counters: { keys: number; pins: number };
};

/** The input of `account:change-password`. */
export type PasswordChange = RenewedKeys & { authKey: string; newAuthKey: string };

/** A password that the server does not know, with its proof. */
export type NewerPassword = { salt: string; kdf: KdfParameters; authKey: string };

/** The input of `vault:restore` but for the password's proof. `keys` null: the server's are the newest. */
export type VaultReturn = {
  from: { keys: number; pins: number };
  pins: VaultPart;
  keys: {
    part: VaultPart;
    wraps?: {
      passwordWrap: string;
      recoveryWrap: string;
      recoveryAuth: string;
      password?: NewerPassword;
    };
    statements?: { version: number; statement: string; signature: string }[];
  } | null;
  /** The newest that the server knows once it took this. */
  identityVersion: number;
};

/** The input of `identity:succeed` but for the sheet's proof. */
export type MergedKeys = {
  keys: VaultPart;
  pins: VaultPart;
  successions: { fromVersion: number; signature: string }[];
};

/** What a later part of the engine's worker offers; each method is called by its name. */
export type RecoveryEngine = {
  /**
   * After deriveAuthKey, when unlockWithPassword refused VAULT_OLDER: what a restored server is to be given back before
   * the vault is opened. Refuses VAULT_OLDER under a generation that this browser knows, and NEWER_KEYS where it keeps keys
   * of a reset that the server lost: `newer` is the password of that time. WRONG_KEY for another one.
   */
  prepareVaultReturn(row: VaultRow, newer: string | null): Promise<VaultReturn>;
  /** What proves a typed sheet to the server; keeps its keys for what follows. Refuses BAD_SHEET. */
  readSheet(typed: string): Promise<string>;
  /**
   * After readSheet: opens the vault that `recovery:open` gave. Refuses WRONG_KEY, VAULT_TAMPERED, VAULT_OLDER,
   * IDENTITY_MISMATCH.
   */
  openWithSheet(row: SheetRow): Promise<void>;
  /** After openWithSheet: the same keys under a new vault key, password and sheet. Refuses WEAK_PASSWORD. */
  makeRecovery(chosen: NewPassword): Promise<{ request: RecoveryKeysMade; sheetGroups: string[] }>;
  /** A new identity version with an empty vault and a new sheet. Refuses WEAK_PASSWORD. */
  makeReset(
    person: ResetPerson,
    chosen: NewPassword,
  ): Promise<{ request: ResetKeysMade; sheetGroups: string[] }>;
  /** Two groups of the new sheet were typed back: the `keys` part anew. Either may be sent, but not both. */
  confirmSheet(): Promise<VaultPart>;
  /**
   * Another browser saved something first (STALE_COUNTER): what was made, again above the stored counters and with what came
   * in, under the same vault key, password and sheet. `fresh`: what `recovery:open` or `reset:open` gives now; null for a
   * change of the password, after mergePins.
   */
  rebase(fresh: SheetRow | Pick<ResetPerson, 'counters'> | null): Promise<Pick<RenewedKeys, 'keys' | 'pins'>>;
  /** The server stored what makeRecovery or makeReset made: the engine is unlocked with it. */
  finish(): Promise<Unlocked>;

  /**
   * Of somebody who is signed in: a new vault key under a new password; the sheet stays. Refuses WRONG_KEY for another
   * password than the present one, and WEAK_PASSWORD.
   */
  changePassword(current: CurrentPassword, chosen: NewPassword): Promise<PasswordChange>;
  /** The server stored what changePassword made. Then sealForDevice again. */
  finishChange(): Promise<Unlocked>;

  /**
   * Another page of this browser made a new vault key: takes it from this browser's copy, and the pins that came with it.
   * Null: the vault holds identities that this page does not know, so it has to start anew. Refuses what unlockWithDevice
   * refuses.
   */
  takeVaultKey(sealed: string, deviceKey: string, row: VaultRow): Promise<Unlocked | null>;

  /**
   * Of somebody who is signed in, after readSheet of an old sheet: the keys of these old vaults beside the present ones,
   * each vouching for the present version. They are there after the next start of the page. Refuses WRONG_KEY where none
   * opens or none holds anything new.
   */
  mergeOld(rows: OldVault[]): Promise<MergedKeys>;
};
