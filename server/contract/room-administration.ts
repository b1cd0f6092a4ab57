/** How a group's owner and admins run it: what it shows of itself, who may do what, and what was done (its audit log). */
import * as z from 'zod/mini';
import { RoomUid, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineRequests } from './request.ts';
import { PictureBytes, PictureHash, RoomDescription, WhoMay } from './room-settings.ts';
import { Room } from './rooms.ts';

const room = z.object({ room: Room });

/** What is written into a room's audit log. */
export const RoomAuditAction = z.enum([
  'room-renamed',
  'room-described',
  'room-picture-changed',
  'room-policies-changed',
  'room-history-changed',
  'role-changed',
  'room-handed-over',
  'member-kicked',
  'request-accepted',
  'request-declined',
  'room-given-back',
  'message-pinned',
  'message-unpinned',
  'notice-raised',
  'notice-lowered',
]);
export type RoomAuditAction = z.infer<typeof RoomAuditAction>;

export const RoomAuditEntry = z.object({
  /** Ascending with time; leaves gaps, because the server has one log. */
  id: wholeNumber(1),
  at: Timestamp,
  actorUid: z.string(),
  action: RoomAuditAction,
  /** The uid of the person or room that it was done to. */
  subject: z.string(),
  /** By action: `title`, `role`, `history`, `reason`, or the policies that changed. */
  details: z.record(z.string(), z.string()),
});
export type RoomAuditEntry = z.infer<typeof RoomAuditEntry>;

export const roomAdministrationRequests = defineRequests({
  'room:describe': {
    input: z.object({ roomUid: RoomUid, description: RoomDescription }),
    output: room,
    http: 'PUT /api/rooms/:roomUid/description',
    summary: 'Says what a group is for; its owner and admins. Empty takes the description away.',
  },
  'room:set-picture': {
    input: z.object({ roomUid: RoomUid, picture: z.nullable(PictureBytes) }),
    output: room,
    http: 'PUT /api/rooms/:roomUid/picture',
    summary:
      'Gives a group a picture (base64 of a small WebP, PNG or JPEG), or takes it away with null; its owner and admins.',
  },
  'room:picture': {
    input: z.object({ roomUid: RoomUid, hash: PictureHash }),
    output: z.object({}),
    http: 'GET /api/rooms/:roomUid/picture/:hash',
    transport: 'http',
    reply: 'stream',
    summary: 'The picture itself, for members, and for everybody where the room may be found.',
  },
  'room:set-policies': {
    input: z.object({
      roomUid: RoomUid,
      invite: z.optional(WhoMay),
      post: z.optional(WhoMay),
      mentionAll: z.optional(WhoMay),
      isListed: z.optional(z.boolean()),
    }),
    output: room,
    http: 'PATCH /api/rooms/:roomUid/policies',
    summary:
      'Who may invite, post and call everybody, and whether the room may be found; its owner and admins.',
  },
  'room:set-role': {
    input: z.object({ roomUid: RoomUid, userUid: UserUid, role: z.enum(['admin', 'member']) }),
    output: room,
    http: 'PUT /api/rooms/:roomUid/members/:userUid/role',
    summary: 'Makes a member an admin, or an admin a member; the owner only.',
  },
  'room:hand-over': {
    input: z.object({ roomUid: RoomUid, userUid: UserUid }),
    output: room,
    http: 'PUT /api/rooms/:roomUid/owner',
    summary: 'Makes another member the owner; the owner only, who stays as an admin.',
  },
  'room:audit': {
    input: z.object({
      roomUid: RoomUid,
      /** Entries below this id. */
      before: z.optional(wholeNumber(1)),
      limit: z.optional(wholeNumber(1, limits.auditPageSize)),
    }),
    output: z.object({ entries: z.array(RoomAuditEntry), hasMore: z.boolean() }),
    http: 'GET /api/rooms/:roomUid/audit',
    summary: 'What the owner and admins of a group have done, newest first; for them.',
  },
  'room:export-audit': {
    input: z.object({ roomUid: RoomUid, format: z.optional(z.enum(['json', 'csv'])) }),
    output: z.object({}),
    http: 'GET /api/rooms/:roomUid/admin-audit-logs',
    transport: 'http',
    reply: 'stream',
    summary:
      'The whole audit log of a group, oldest first, as JSON or as CSV to download; for its owner and admins.',
  },
});
