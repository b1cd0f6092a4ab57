/**
 * Getting back in (docs/e2e-protocol.md section 3): by the recovery sheet, by an admin's one-time code, with another
 * password. Whatever replaces wraps or an identity carries its proof: the auth key, the sheet's, or the code.
 */
import * as z from 'zod/mini';
import { SignedIn, Vault, VaultPart } from './accounts.ts';
import { DeviceId, IdentityVersion, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import {
  AuthKey,
  KdfParameters,
  PasswordWrap,
  RecoveryAuth,
  Salt,
  Signature,
  Statement,
  StatementRow,
  Wrap,
} from './sealed.ts';

/** As typed; case, hyphens and blanks do not count. */
const ResetCode = z.string().check(z.maxLength(64));
const TypedName = z.string().check(z.maxLength(200));

/** A new vault key under a new password: both blobs, one counter above the stored ones, and both wraps. */
const RenewedVault = z.object({
  salt: Salt,
  kdf: KdfParameters,
  keys: VaultPart,
  pins: VaultPart,
  passwordWrap: PasswordWrap,
  recoveryWrap: Wrap,
});

/** Whose account it is; given only to somebody who proved that it is theirs. */
const Proven = z.object({
  userUid: UserUid,
  username: z.string(),
  displayName: z.string(),
  identityVersion: IdentityVersion,
});

/** A vault that an admin reset put aside: a sheet found later opens it. */
export const OldVault = z.object({
  /** The newest identity version in it. */
  identityVersion: IdentityVersion,
  keys: VaultPart,
  pins: VaultPart,
  recoveryWrap: Wrap,
});
export type OldVault = z.infer<typeof OldVault>;

/** The key of an older version says that the newer one is the same person. */
export const SuccessionRow = z.object({
  userUid: UserUid,
  fromVersion: IdentityVersion,
  toVersion: IdentityVersion,
  /** By the older version's key over `context("succession", userUid, from, fromFp, to, toFp)`. */
  signature: Signature,
});
export type SuccessionRow = z.infer<typeof SuccessionRow>;

/** Part of the administrator's table (`admin.ts`), with its rule. */
export const adminResetRequests = defineRequests({
  'admin:reset-outlook': {
    input: z.object({ userUid: UserUid }),
    output: z.object({
      /** Rooms in which a colleague holds the keys and can give them to the new identity. */
      roomsToHeal: wholeNumber(),
      /** Rooms in which nobody else does: unreadable from then on, unless the sheet is found. */
      roomsLost: wholeNumber(),
    }),
    http: 'GET /api/admin/people/:userUid/reset-outlook',
    summary: 'What a reset of this person would cost them, told beforehand. Owner and admins only.',
  },
  'admin:make-reset-code': {
    input: z.object({
      userUid: UserUid,
      /** The old device may be in strange hands: ends all sessions and leaves all group rooms at once. */
      isDeviceLost: z.boolean(),
      /** The caller's password again, as its derived key; the host needs none. Left out: WRONG_PASSWORD. */
      authKey: z.optional(AuthKey),
    }),
    output: z.object({ code: z.string(), expiresAt: Timestamp }),
    http: 'POST /api/admin/people/:userUid/reset-code',
    // the answer holds the code, which no store of answers may keep
    isRepeatable: true,
    summary:
      'A one-time code with which this person makes a new identity; voids the one before. Of members for admins, of everybody else for the owner.',
  },
});

export const recoveryRequests = defineRequests({
  'recovery:open': {
    input: z.object({ username: TypedName, recoveryAuth: RecoveryAuth }),
    output: z.extend(Proven, { vault: Vault, statement: StatementRow }),
    http: 'POST /api/recovery/open',
    isRepeatable: true,
    access: 'public',
    transport: 'http',
    limit: 'login',
    summary: 'By a recovery sheet: the sealed vault and its newest statement. Changes nothing.',
  },
  'recovery:complete': {
    input: z.extend(RenewedVault, {
      username: TypedName,
      /** Of the sheet that was used; it is void afterwards. */
      recoveryAuth: RecoveryAuth,
      newAuthKey: AuthKey,
      newRecoveryAuth: RecoveryAuth,
      deviceId: z.optional(DeviceId),
    }),
    output: SignedIn,
    http: 'POST /api/recovery',
    access: 'public',
    transport: 'http',
    limit: 'login',
    summary:
      'By a recovery sheet: a new password, a new vault key, a new sheet; ends every session and signs in. The same again is answered again.',
  },
  'account:change-password': {
    input: z.extend(RenewedVault, { authKey: AuthKey, newAuthKey: AuthKey }),
    output: z.object({ keysChangedAt: Timestamp }),
    http: 'PUT /api/me/password',
    transport: 'http',
    limit: 'login',
    summary:
      'A new password and a new vault key; the sheet stays. Ends all other sessions. The same again is answered again.',
  },
  'reset:open': {
    input: z.object({ username: TypedName, code: ResetCode }),
    output: z.extend(Proven, {
      /** What the new version follows: after a restore more than the present one, which colleagues may know to be older. */
      identityVersion: IdentityVersion,
      /** The counters of the stored blobs: the new ones are one above. */
      counters: z.object({ keys: wholeNumber(1), pins: wholeNumber(1) }),
    }),
    http: 'POST /api/reset/open',
    isRepeatable: true,
    access: 'public',
    transport: 'http',
    limit: 'login',
    summary: 'By an admin’s code: what the new identity is made from. Changes nothing.',
  },
  'reset:complete': {
    input: z.extend(RenewedVault, {
      username: TypedName,
      code: ResetCode,
      authKey: AuthKey,
      recoveryAuth: RecoveryAuth,
      /** Of the version after the one that `reset:open` gave. */
      statement: Statement,
      statementSignature: Signature,
      deviceId: z.optional(DeviceId),
    }),
    output: SignedIn,
    http: 'POST /api/reset',
    access: 'public',
    transport: 'http',
    limit: 'login',
    summary:
      'By an admin’s code: a new identity version with an empty vault; the old vault is put aside. Ends every session and signs in. The same again is answered again.',
  },
  'vault:old': {
    input: z.object({}),
    output: z.object({
      oldVaults: z.array(z.object({ identityVersion: IdentityVersion, keptAt: Timestamp })),
    }),
    http: 'GET /api/vault/old',
    summary: 'Which of my vaults a reset put aside, the newest first.',
  },
  'vault:open-old': {
    input: z.object({ recoveryAuth: RecoveryAuth }),
    output: z.object({ oldVaults: z.array(OldVault) }),
    http: 'POST /api/vault/old/open',
    isRepeatable: true,
    limit: 'login',
    summary: 'My old vaults that this sheet opens.',
  },
  'identity:succeed': {
    input: z.object({
      /** Of the sheet that was found; the old vaults that it opens are merged and go. */
      recoveryAuth: RecoveryAuth,
      keys: VaultPart,
      pins: VaultPart,
      successions: z
        .array(z.object({ fromVersion: IdentityVersion, signature: Signature }))
        .check(z.minLength(1), z.maxLength(limits.successionsMax)),
    }),
    output: z.object({ successions: z.array(SuccessionRow) }),
    http: 'POST /api/me/successions',
    limit: 'login',
    summary:
      'A sheet found later: old keys merged into the present vault, signed by them. The same again is answered again.',
  },
  'identity:successions': {
    input: z.object({ userUids: z.array(UserUid).check(z.minLength(1), z.maxLength(limits.roomMembersMax)) }),
    output: z.object({ successions: z.array(SuccessionRow) }),
    http: 'POST /api/identities/successions',
    isRepeatable: true,
    summary: 'What older keys of these people said about newer ones.',
  },
});

export const recoveryEvents = defineEvents({
  /** To everybody who shares a room with this person: an older key vouches for the present one. */
  'identity:succeeded': z.object({ successions: z.array(SuccessionRow) }),
});
