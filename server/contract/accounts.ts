import * as z from 'zod/mini';
import { defineEvents, defineRequests } from './request.ts';
import { Rev, SessionUid, Timestamp, Username, UserUid, DeviceId, lineOfText, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import {
  AuthKey,
  KdfParameters,
  PasswordWrap,
  RecoveryAuth,
  Salt,
  Signature,
  Statement,
  VaultBlob,
  Wrap,
} from './sealed.ts';

const DisplayName = lineOfText(1, limits.displayNameMax);
const Department = lineOfText(0, limits.departmentMax);
const Title = lineOfText(0, limits.titleMax);
const StatusText = lineOfText(0, limits.statusTextMax);
const SetUpCode = z.string().check(z.maxLength(64));
/** What somebody types or a link carries. Case, hyphens and blanks do not matter. */
const InvitationCode = z.string().check(z.maxLength(64));

export const Role = z.enum(['owner', 'admin', 'member']);
export type Role = z.infer<typeof Role>;

/** A person as anybody who is signed in may see them. A deleted account keeps its uid and has empty texts. */
export const Person = z.object({
  userUid: UserUid,
  username: z.string(),
  displayName: z.string(),
  department: z.string(),
  title: z.string(),
  statusText: z.string(),
  /** When the status ends by itself; left out where it stays. */
  statusUntil: z.optional(Timestamp),
  state: z.enum(['active', 'disabled', 'deleted']),
  /** Newest published identity version. */
  identityVersion: wholeNumber(0, 9_999),
  /** Revision of the directory at this person's last change. */
  rev: Rev,
});
export type Person = z.infer<typeof Person>;

export const Me = z.extend(Person, { role: Role, createdAt: Timestamp });
export type Me = z.infer<typeof Me>;

/** One of the two sealed blobs of a vault, replaced by compare-and-set on its counter. */
export const VaultPart = z.object({ counter: wholeNumber(1), blob: VaultBlob });
export type VaultPart = z.infer<typeof VaultPart>;

export const Vault = z.object({
  keys: VaultPart,
  pins: VaultPart,
  passwordWrap: PasswordWrap,
  recoveryWrap: Wrap,
  salt: Salt,
  kdf: KdfParameters,
  keysChangedAt: Timestamp,
});
export type Vault = z.infer<typeof Vault>;

/** What a sign-in gives: who I am, the CSRF token of this session, and the key this browser's vault copy is sealed under. */
export const SignedIn = z.object({
  me: Me,
  sessionUid: SessionUid,
  csrfToken: z.string(),
  /** 64 bytes, base64url; computed per request for a live session and never stored by the server. */
  deviceKey: z.string(),
  vault: Vault,
});
export type SignedIn = z.infer<typeof SignedIn>;

export const SessionRow = z.object({
  sessionUid: SessionUid,
  /** The browser's own description of itself, shortened. */
  userAgent: z.string(),
  address: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  isCurrent: z.boolean(),
});
export type SessionRow = z.infer<typeof SessionRow>;

export const accountRequests = defineRequests({
  'account:check-name': {
    input: z.object({
      username: Username,
      setUpCode: z.optional(SetUpCode),
      invitationCode: z.optional(InvitationCode),
    }),
    output: z.object({ username: z.string() }),
    http: 'POST /api/register/check',
    isRepeatable: true,
    access: 'public',
    limit: 'general',
    summary: 'Whether a user name is free and sign-up is possible, before the long part of a registration.',
  },
  'account:prelogin': {
    input: z.object({ username: z.string().check(z.maxLength(200)) }),
    output: z.object({ salt: Salt, kdf: KdfParameters }),
    http: 'GET /api/prelogin',
    access: 'public',
    limit: 'login',
    summary:
      'Salt and parameters of a person’s key derivation; a stable made-up salt for names that do not exist.',
  },
  'account:register': {
    input: z.object({
      userUid: UserUid,
      username: Username,
      displayName: DisplayName,
      department: z.optional(Department),
      title: z.optional(Title),
      setUpCode: z.optional(SetUpCode),
      /** Under "by invitation", and to pass by the approval under "with approval". */
      invitationCode: z.optional(InvitationCode),
      deviceId: z.optional(DeviceId),
      salt: Salt,
      kdf: KdfParameters,
      authKey: AuthKey,
      statement: Statement,
      statementSignature: Signature,
      vault: z.object({ keys: VaultPart, pins: VaultPart }),
      passwordWrap: PasswordWrap,
      recoveryWrap: Wrap,
      recoveryAuth: RecoveryAuth,
    }),
    output: SignedIn,
    http: 'POST /api/register',
    access: 'public',
    transport: 'http',
    limit: 'register',
    summary:
      'Makes an account with its identity and vault, and signs in. Where an admin has to approve it, the account is made, the cookie is set and the answer is APPROVAL_PENDING.',
  },
  'account:login': {
    input: z.object({
      username: z.string().check(z.maxLength(200)),
      authKey: AuthKey,
      deviceId: z.optional(DeviceId),
    }),
    output: SignedIn,
    http: 'POST /api/login',
    access: 'public',
    transport: 'http',
    limit: 'login',
    summary:
      'Signs in with the key derived from the password and sets the session cookie. For an account that waits for approval the cookie is set, too, and the answer is APPROVAL_PENDING.',
  },
  'account:waiting': {
    input: z.object({}),
    /**
     * By this browser's cookie. `waiting`: ask again in a few seconds; `approved`: `session:resume` now answers what the
     * registration or sign-in would have; `none`: no account of this browser waits (any more).
     */
    output: z.object({ state: z.enum(['waiting', 'approved', 'none']) }),
    http: 'GET /api/waiting',
    access: 'public',
    transport: 'http',
    summary: 'Whether the account that this browser signed up or in with still waits for approval.',
  },
  'account:logout': {
    input: z.object({}),
    output: z.object({}),
    http: 'POST /api/logout',
    transport: 'http',
    summary: 'Ends this session.',
  },
  'account:me': {
    input: z.object({}),
    output: Me,
    http: 'GET /api/me',
    summary: 'The signed-in person.',
  },
  'account:update': {
    input: z.object({
      displayName: z.optional(DisplayName),
      department: z.optional(Department),
      title: z.optional(Title),
      statusText: z.optional(StatusText),
      /** When the status is taken away; `null` for never, which a new text without this means, too. */
      statusUntil: z.optional(z.nullable(Timestamp)),
    }),
    output: Me,
    http: 'PATCH /api/me',
    summary: 'Changes the profile; what is left out stays as it is.',
  },
  'account:delete': {
    input: z.object({ authKey: AuthKey }),
    output: z.object({}),
    http: 'DELETE /api/me',
    transport: 'http',
    limit: 'login',
    summary: 'Deletes the signed-in account. Other people keep their conversations.',
  },
  'session:resume': {
    input: z.object({}),
    output: SignedIn,
    http: 'GET /api/session',
    transport: 'http',
    summary: 'The live session of this browser: what a reload needs to go on.',
  },
  'session:list': {
    input: z.object({}),
    output: z.object({ sessions: z.array(SessionRow) }),
    http: 'GET /api/sessions',
    summary: 'Where this account is signed in.',
  },
  'session:revoke': {
    input: z.object({ sessionUid: SessionUid }),
    output: z.object({}),
    http: 'DELETE /api/sessions/:sessionUid',
    summary: 'Ends one of my sessions, its sockets included.',
  },
  'vault:get': {
    input: z.object({}),
    output: Vault,
    http: 'GET /api/vault',
    summary: 'My sealed vault.',
  },
  'vault:put-pins': {
    input: z.object({ pins: VaultPart }),
    output: z.object({ counter: wholeNumber(1) }),
    http: 'PUT /api/vault/pins',
    summary: 'Replaces the sealed pins if their counter is one above the stored one.',
  },
  'vault:replace': {
    input: z.object({
      authKey: AuthKey,
      keys: VaultPart,
      pins: VaultPart,
      passwordWrap: PasswordWrap,
      recoveryWrap: Wrap,
      recoveryAuth: RecoveryAuth,
    }),
    output: z.object({ keysChangedAt: Timestamp }),
    http: 'PUT /api/vault',
    limit: 'login',
    summary: 'A new recovery sheet: a new vault key, both blobs and both wraps, all or nothing.',
  },
});

export const accountEvents = defineEvents({
  /** To all my own devices: my profile changed. */
  'me:updated': z.object({ me: Me }),
  /** To everybody who shares a room with this person. */
  'person:updated': z.object({ person: Person }),
  /** To all my own devices: pins or keys were replaced by one of them. */
  'vault:updated': z.object({ keysCounter: wholeNumber(1), pinsCounter: wholeNumber(1) }),
  /** To the sockets of one session, just before they are closed. */
  'session:ended': z.object({
    reason: z.enum([
      'revoked',
      'signed-out',
      'expired',
      'account-deleted',
      'account-disabled',
      'keys-changed',
    ]),
  }),
});
