import * as z from 'zod/mini';
import { defineRequests } from './request.ts';
import { Rev, RoomUid, Seq, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { Me, Person } from './accounts.ts';
import { Cursor, Message } from './messages.ts';
import { MyChanges } from './my-items.ts';
import { NoticeReminder } from './pins.ts';
import { ServerPolicies } from './policies.ts';
import { RoomState } from './rooms.ts';

/** What changed in one room since a revision: rows as they are now, not a log. */
export const RoomChanges = z.object({
  roomUid: RoomUid,
  rev: Rev,
  /** Null if the room itself (title, members, epoch) did not change since then. */
  room: z.nullable(RoomState),
  /** Read cursors of all members as they are now; empty if `room` is there, which carries them. */
  cursors: z.array(Cursor),
  /** Ascending by seq. With `isReset` these are the room's newest rows and everything cached before is dropped. */
  messages: z.array(Message),
  isReset: z.boolean(),
});
export type RoomChanges = z.infer<typeof RoomChanges>;

export const syncRequests = defineRequests({
  'session:sync': {
    input: z.object({
      /** The generation the client's cache came from; left out on a first start. */
      generation: z.optional(z.string().check(z.maxLength(64))),
      /** Directory revision up to which the client knows people. */
      peopleRev: z.optional(Rev),
      /** Revision up to which the client knows its person's own items. */
      myRev: z.optional(Rev),
      /** Rooms in the client's cache with the revision it has of each. */
      rooms: z.optional(
        z.array(z.object({ roomUid: RoomUid, rev: Rev })).check(z.maxLength(limits.roomsPerUserMax)),
      ),
    }),
    output: z.object({
      generation: z.string(),
      /** True if the generation differs or a revision was above the server's: the client drops its cached rows first. */
      isCacheStale: z.boolean(),
      serverTime: Timestamp,
      me: Me,
      /** People I share a room with, changed since `peopleRev`. */
      people: z.array(Person),
      peopleRev: Rev,
      /** Rooms the client does not have yet. */
      rooms: z.array(RoomState),
      /** Rooms the client has and that changed. */
      changes: z.array(RoomChanges),
      goneRoomUids: z.array(RoomUid),
      /**
       * My own cursor in every room of mine: cursors do not bump a room's revision, so a room that I read on another
       * device is otherwise unchanged. Other people's come with `room:changes`, which a client asks when it shows a room.
       */
      myCursors: z.array(z.object({ roomUid: RoomUid, readSeq: Seq })),
      /** Everybody who is connected of those I share a room with. */
      onlineUids: z.array(UserUid),
      /** Those of them who are not at any of their pages. */
      awayUids: z.array(UserUid),
      policies: ServerPolicies,
      /** Memos that I have not opened. */
      unreadMemos: wholeNumber(),
      /** Notices that I was reminded of and have not acknowledged. */
      reminders: z.array(NoticeReminder),
      /** My own items, changed since `myRev`. */
      my: MyChanges,
      keysCounter: z.int(),
      pinsCounter: z.int(),
    }),
    http: 'POST /api/sync',
    isRepeatable: true,
    summary: 'Everything a starting or reconnecting client needs to be current, in one answer.',
  },
  'room:changes': {
    input: z.object({ roomUid: RoomUid, rev: Rev }),
    output: RoomChanges,
    http: 'GET /api/rooms/:roomUid/changes',
    summary: 'What changed in one room since a revision; used to close a gap.',
  },
});
