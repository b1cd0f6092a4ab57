import * as z from 'zod/mini';
import { defineEvents, defineRequests } from './request.ts';
import { Rev, RoomUid, Seq, Timestamp, UserUid, lineOfText, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { Message } from './messages.ts';
import { PictureHash, RoomPolicies, RoomRole } from './room-settings.ts';
import { EpochRow, NewEpoch, RecordHash } from './sealed.ts';

export const RoomTitle = lineOfText(1, limits.roomTitleMax);

export const Member = z.object({
  userUid: UserUid,
  /** The first seq this person may read. */
  joinedSeq: Seq,
  readSeq: Seq,
  joinedAt: Timestamp,
  role: RoomRole,
});
export type Member = z.infer<typeof Member>;

/** A room as every member sees it. A direct room's title is empty: clients show the other person. */
export const Room = z.object({
  roomUid: RoomUid,
  type: z.enum(['direct', 'group']),
  title: z.string(),
  description: z.string(),
  /** Null: letters are shown. Else the picture is at `/api/rooms/:roomUid/picture/:hash`. */
  pictureHash: z.nullable(PictureHash),
  rev: Rev,
  lastSeq: Seq,
  createdAt: Timestamp,
  /** Null in a direct room. */
  ownerUid: z.nullable(UserUid),
  policies: RoomPolicies,
  /** Whoever joins from now on may read back to where this was turned on. Always true in a direct room. */
  history: z.boolean(),
  epoch: wholeNumber(1),
  epochHash: RecordHash,
  /** Somebody left: sends are refused until a member makes the next epoch. */
  isRekeyNeeded: z.boolean(),
  members: z.array(Member),
});
export type Room = z.infer<typeof Room>;

/** A room with the newest message the asking member may read. */
export const RoomState = z.object({ room: Room, lastMessage: z.nullable(Message) });
export type RoomState = z.infer<typeof RoomState>;

/** A room after a change of anything but messages and cursors: all of `Room`, with the difference of its members. */
export const RoomChange = z.object({
  ...z.omit(Room, { members: true, lastSeq: true }).shape,
  added: z.array(Member),
  /** Members who stayed and of whom something else than the cursor changed. */
  changed: z.array(Member),
  removed: z.array(UserUid),
});
export type RoomChange = z.infer<typeof RoomChange>;

const room = z.object({ room: Room });

export const roomRequests = defineRequests({
  'room:create': {
    input: z.object({
      roomUid: RoomUid,
      type: z.enum(['direct', 'group']),
      /** Required for a group, ignored for a direct room. */
      title: z.optional(RoomTitle),
      /** Its record says whether newcomers of a group see the history; those of a direct room always do. */
      epoch: NewEpoch,
    }),
    output: z.object({ room: Room, isNew: z.boolean() }),
    http: 'POST /api/rooms',
    summary:
      'Makes a room of the people its first record names. A direct room that exists already is returned instead.',
  },
  'room:list': {
    input: z.object({}),
    output: z.object({ rooms: z.array(RoomState) }),
    http: 'GET /api/rooms',
    summary: 'My rooms.',
  },
  'room:get': {
    input: z.object({ roomUid: RoomUid }),
    output: RoomState,
    http: 'GET /api/rooms/:roomUid',
    summary: 'One of my rooms.',
  },
  'room:rename': {
    input: z.object({ roomUid: RoomUid, title: RoomTitle }),
    output: room,
    http: 'PATCH /api/rooms/:roomUid',
    summary: 'Renames a group; its owner and admins.',
  },
  'room:invite': {
    input: z.object({ roomUid: RoomUid, epoch: NewEpoch }),
    output: room,
    http: 'POST /api/rooms/:roomUid/members',
    summary:
      'Adds the people whom the next record names and the present one does not; membership and record in one step. Answers requests to join of these people.',
  },
  'room:kick': {
    input: z.object({ roomUid: RoomUid, userUid: UserUid, epoch: NewEpoch }),
    output: room,
    http: 'DELETE /api/rooms/:roomUid/members/:userUid',
    summary:
      'Removes somebody with the record that no longer names them; the owner, and admins but for each other.',
  },
  'room:leave': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({}),
    http: 'POST /api/rooms/:roomUid/leave',
    summary:
      'Leaves a group. A leaving owner hands over to the longest-standing admin, else member; the last one out deletes the room.',
  },
  'room:rekey': {
    input: z.object({ roomUid: RoomUid, epoch: NewEpoch }),
    output: room,
    http: 'POST /api/rooms/:roomUid/epochs',
    summary:
      'A new epoch for the people who are members now. Owner and admins may change by it whether newcomers see the history.',
  },
  'rekey:working': {
    input: z.object({ roomUid: RoomUid, epoch: wholeNumber(1) }),
    output: z.object({}),
    http: 'POST /api/rooms/:roomUid/rekey-working',
    summary: 'Answers `rekey:wanted`: this client is making the record that follows this epoch.',
  },
  'epoch:list': {
    input: z.object({ roomUid: RoomUid, from: wholeNumber(1), to: z.optional(wholeNumber(1)) }),
    output: z.object({ epochs: z.array(EpochRow), newest: wholeNumber(1) }),
    http: 'GET /api/rooms/:roomUid/epochs',
    summary: 'Epoch records of a room, ascending, with my own wraps; at most 200 at once.',
  },
});

export const roomEvents = defineEvents({
  /** To the person: a room they are in now (created, invited). */
  'room:joined': RoomState,
  /** To the person: they are not in this room any more. */
  'room:gone': z.object({ roomUid: RoomUid }),
  /** To the room: anything of `Room` but messages and cursors changed. */
  'room:changed': RoomChange,
  /** To one member after another until one answers `rekey:working`: please make the next record. */
  'rekey:wanted': z.object({ roomUid: RoomUid, epoch: wholeNumber(1) }),
});
