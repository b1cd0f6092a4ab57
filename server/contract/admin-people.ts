/**
 * People and sign-up as the console shows them: who is here, who waits, who may not come in any more, invitations, and the
 * server's audit log. Part of the table of `admin.ts`, with the same rule: only owner and admins are answered.
 */
import * as z from 'zod/mini';
import { Person, Role } from './accounts.ts';
import { InvitationUid, RoomUid, Timestamp, UserUid, lineOfText, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import { AuthKey } from './sealed.ts';

/** `pending`: signed up under "with approval" and waiting; only the console ever shows it. */
export const AccountState = z.enum(['active', 'pending', 'disabled']);
export type AccountState = z.infer<typeof AccountState>;

/** What whoever asks may do with this account now. A button that is not in here would be refused. */
export const PersonAct = z.enum([
  'approve',
  'decline',
  'disable',
  'enable',
  'make-owner',
  'make-admin',
  'make-member',
  'make-reset-code',
]);
export type PersonAct = z.infer<typeof PersonAct>;

export const AdminPerson = z.object({
  userUid: UserUid,
  username: z.string(),
  displayName: z.string(),
  department: z.string(),
  title: z.string(),
  role: Role,
  state: AccountState,
  createdAt: Timestamp,
  /** When the last connection ended, to the minute; null if there was none yet. */
  lastSeenAt: z.nullable(Timestamp),
  isOnline: z.boolean(),
  /** Since when it is `disabled` or `pending`; null for an account in use. */
  stateSince: z.nullable(Timestamp),
  /** Group rooms that it left when it was disabled, to which it is proposed again when it is enabled. */
  formerRooms: wholeNumber(),
  identityVersion: Person.shape.identityVersion,
  may: z.array(PersonAct),
});
export type AdminPerson = z.infer<typeof AdminPerson>;

export const AdminRoom = z.object({
  roomUid: RoomUid,
  title: z.string(),
  memberCount: wholeNumber(),
  /** The owner's display name; empty where there is none. */
  owner: z.string(),
});
export type AdminRoom = z.infer<typeof AdminRoom>;

export const Invitation = z.object({
  invitationUid: InvitationUid,
  /** Whom it is for, as whoever made it wrote down. */
  note: z.string(),
  usesMax: wholeNumber(1),
  uses: wholeNumber(),
  createdAt: Timestamp,
  endsAt: Timestamp,
  /** `ended`: its time is over; `used`: as often as it may be; `revoked`: taken back. */
  state: z.enum(['open', 'used', 'ended', 'revoked']),
  /** The display name of whoever made it; empty for the machine itself and for deleted accounts. */
  madeBy: z.string(),
});
export type Invitation = z.infer<typeof Invitation>;

export const ServerAuditEntry = z.object({
  /** Ascending with time. */
  id: wholeNumber(1),
  at: Timestamp,
  /** A userUid, or `host` and `cli` for whoever sits at the machine. */
  actorUid: z.string(),
  /** The display name as it is now; empty for the machine and for deleted accounts. */
  actor: z.string(),
  action: z.string(),
  /** The uid of a person or room, or `server`. */
  subject: z.string(),
  /** Display name or room title as it is now; empty where there is none. */
  subjectName: z.string(),
  /** The room whose log it belongs to as well. */
  roomUid: z.optional(RoomUid),
  roomTitle: z.optional(z.string()),
  details: z.record(z.string(), z.string()),
});
export type ServerAuditEntry = z.infer<typeof ServerAuditEntry>;

/** `brokenId`: the first entry that does not fit; null if entries are missing at the end. */
export const AuditCheck = z.object({
  isIntact: z.boolean(),
  /** Entries that fit. */
  entries: wholeNumber(),
  brokenId: z.nullable(wholeNumber()),
  /** The newest hash: written down elsewhere, it proves later that nothing before it was changed. `-` for an empty log. */
  head: z.string(),
});
export type AuditCheck = z.infer<typeof AuditCheck>;

/** The caller's password again, as its derived key; the host needs none. Left out: WRONG_PASSWORD with field `authKey`. */
const confirmation = { authKey: z.optional(AuthKey) };
const userUid = { userUid: UserUid };
const person = z.object({ person: AdminPerson });

export const adminPeopleRequests = defineRequests({
  'admin:people': {
    input: z.object({
      /** Words that are part of a name, user name, department or title. */
      query: z.optional(z.string().check(z.maxLength(100))),
      state: z.optional(AccountState),
      role: z.optional(Role),
      /** The last user name of the page before. */
      after: z.optional(z.string().check(z.maxLength(64))),
      limit: z.optional(wholeNumber(1, limits.adminPageSize)),
    }),
    output: z.object({
      people: z.array(AdminPerson),
      hasMore: z.boolean(),
      /** Of the whole server, whatever was asked for. */
      counts: z.object({ active: wholeNumber(), pending: wholeNumber(), disabled: wholeNumber() }),
    }),
    http: 'GET /api/admin/people',
    summary: 'Accounts by user name, with state and role. Owner and admins only.',
  },
  'admin:rooms': {
    input: z.object({
      query: z.optional(z.string().check(z.maxLength(100))),
      /** The last room of the page before. */
      after: z.optional(RoomUid),
    }),
    output: z.object({ rooms: z.array(AdminRoom), hasMore: z.boolean() }),
    http: 'GET /api/admin/rooms',
    summary: 'Group rooms by title, for proposing somebody to them. Owner and admins only.',
  },
  'admin:approve': {
    input: z.object({
      ...userUid,
      /** Groups whose owner and admins are asked to add the person. Unknown ones are refused. */
      roomUids: z.array(RoomUid).check(z.maxLength(limits.approvalRoomsMax)),
    }),
    output: person,
    http: 'POST /api/admin/people/:userUid/approve',
    summary:
      'Lets a waiting account in, and asks the rooms’ owners and admins to add the person. Owner and admins only.',
  },
  'admin:decline': {
    input: z.object(userUid),
    output: z.object({}),
    http: 'POST /api/admin/people/:userUid/decline',
    summary: 'Removes a waiting account; its user name is free again. Owner and admins only.',
  },
  'admin:disable': {
    input: z.object({ ...userUid, ...confirmation }),
    output: person,
    http: 'POST /api/admin/people/:userUid/disable',
    summary:
      'Ends an account’s sessions and sockets at once and takes it out of every group; the owner, and admins for members.',
  },
  'admin:enable': {
    input: z.object(userUid),
    output: person,
    http: 'POST /api/admin/people/:userUid/enable',
    summary: 'Lets an account in again and asks its former rooms to add it. Who may disable it may do this.',
  },
  'admin:set-role': {
    input: z.object({ ...userUid, role: Role, ...confirmation }),
    output: person,
    http: 'PUT /api/admin/people/:userUid/role',
    summary:
      'Makes somebody an owner, admin or member of the server. Owner only; the last owner cannot be another.',
  },
  'admin:make-invitation': {
    input: z.object({
      note: z.optional(lineOfText(0, limits.invitationNoteMax)),
      /** How many accounts it may make; 1 if left out. */
      uses: z.optional(wholeNumber(1, limits.invitationUsesMax)),
      /** How long it counts; 7 if left out. */
      days: z.optional(wholeNumber(1, limits.invitationDaysMax)),
    }),
    /** `code` is shown this once: the server keeps a keyed digest. */
    output: z.object({ invitation: Invitation, code: z.string() }),
    http: 'POST /api/admin/invitations',
    // the answer holds the code, which no store of answers may keep
    isRepeatable: true,
    summary: 'Makes a code that lets people sign up; it is shown once. Owner and admins only.',
  },
  'admin:invitations': {
    input: z.object({}),
    output: z.object({ invitations: z.array(Invitation) }),
    http: 'GET /api/admin/invitations',
    summary: 'Invitations, the newest first, without their codes. Owner and admins only.',
  },
  'admin:revoke-invitation': {
    input: z.object({ invitationUid: InvitationUid }),
    output: z.object({}),
    http: 'DELETE /api/admin/invitations/:invitationUid',
    summary: 'Takes an invitation back: its code lets nobody in any more. Owner and admins only.',
  },
  'admin:audit': {
    input: z.object({
      /** Only entries below this id. */
      before: z.optional(wholeNumber(1)),
      limit: z.optional(wholeNumber(1, limits.auditPageSize)),
      /** Only these actions, separated by commas. */
      actions: z.optional(
        z.string().check(z.maxLength(500), z.regex(/^[a-z]+(-[a-z]+)*(,[a-z]+(-[a-z]+)*)*$/)),
      ),
      /** Only what this person did or what was done to them; also `host`, `cli`, `server`. */
      about: z.optional(z.string().check(z.maxLength(64))),
      /** Only entries from then on. */
      from: z.optional(Timestamp),
      /** Only entries before then. */
      to: z.optional(Timestamp),
    }),
    output: z.object({ entries: z.array(ServerAuditEntry), hasMore: z.boolean() }),
    http: 'GET /api/admin/audit',
    summary: 'The server’s audit log, the newest first. Owner and admins only.',
  },
  'admin:check-audit': {
    input: z.object({}),
    output: AuditCheck,
    http: 'GET /api/admin/audit/check',
    limit: 'search_advanced',
    summary: 'Recomputes the chain of hashes over the whole audit log. Owner and admins only.',
  },
});

export const adminPeopleEvents = defineEvents({
  /** To owner and admins, and to the host: accounts or invitations changed. `pending` is how many accounts wait now. */
  'admin:people-changed': z.object({ pending: wholeNumber() }),
});
