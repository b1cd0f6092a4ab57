/**
 * What is one person's alone: how their rooms are sorted and heard, what they saved, what they do not want to see. Each item
 * is a small row with the revision of its last change; a removed one stays as a row without a value, so that every browser
 * of the person learns of it. Nothing in it is content.
 */
import * as z from 'zod/mini';
import { limits } from './limits.ts';
import { MessageName, Rev, RoomUid, Seq, Timestamp } from './ids.ts';
import { defineEvents, defineRequests } from './request.ts';

export const NotificationLevel = z.enum(['all', 'mentions', 'none']);
export type NotificationLevel = z.infer<typeof NotificationLevel>;

/** My settings of one room; what is left out is as usual. */
export const MyRoom = z.object({
  /** Place among my favourites, ascending; left out for a room that is none. */
  favouriteRank: z.optional(z.number()),
  /** Put away while nothing above this seq is there: a new message brings the room back without a write. */
  hiddenSeq: z.optional(Seq),
  level: z.optional(NotificationLevel),
  /** Silent until then; `mutedForGood` for ever. */
  mutedUntil: z.optional(Timestamp),
  /** I marked it as unread from this seq on; a private marker, never a cursor that goes back. */
  unreadFrom: z.optional(Seq),
});
export type MyRoom = z.infer<typeof MyRoom>;

/** The end of a mute that has none: the last moment that a `Date` can show. */
export const mutedForGood = 8_640_000_000_000_000;

/** A change of my settings of one room: what is left out stays as it is, null is as usual again. */
export const MyRoomChange = z.object({
  /** True puts the room behind my other favourites. */
  isFavourite: z.optional(z.boolean()),
  hiddenSeq: z.optional(z.nullable(Seq)),
  level: z.optional(z.nullable(NotificationLevel)),
  mutedUntil: z.optional(z.nullable(Timestamp)),
  unreadFrom: z.optional(z.nullable(Seq)),
});
export type MyRoomChange = z.infer<typeof MyRoomChange>;

/** A message that I saved, or that I do not want to see any more. */
export const MyMessage = z.object({ roomUid: RoomUid, seq: Seq, at: Timestamp });
export type MyMessage = z.infer<typeof MyMessage>;

/** `value` is null once the item is gone. */
export const MyItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('room'), key: RoomUid, value: z.nullable(MyRoom), rev: Rev }),
  z.object({ kind: z.literal('saved'), key: MessageName, value: z.nullable(MyMessage), rev: Rev }),
  z.object({ kind: z.literal('hidden'), key: MessageName, value: z.nullable(MyMessage), rev: Rev }),
]);
export type MyItem = z.infer<typeof MyItem>;
export type MyItemKind = MyItem['kind'];

/** Items changed after a revision, as they are now. With `isReset` they are all there is. */
export const MyChanges = z.object({ rev: Rev, isReset: z.boolean(), items: z.array(MyItem) });
export type MyChanges = z.infer<typeof MyChanges>;

export const myItemRequests = defineRequests({
  'my:list': {
    input: z.object({
      /** The revision that the client has; left out for everything. */
      since: z.optional(Rev),
    }),
    output: MyChanges,
    http: 'GET /api/me/items',
    summary: 'My own settings of rooms and messages, or what changed of them after a revision.',
  },
  'my:set-room': {
    input: z.extend(MyRoomChange, { roomUid: RoomUid }),
    output: z.object({
      /** As they are now; null if everything is as usual. */
      settings: z.nullable(MyRoom),
    }),
    http: 'PUT /api/rooms/:roomUid/mine',
    summary:
      'Changes my own settings of a room: favourite, hidden, notifications, mute, marked as unread. What is left out stays, null clears.',
  },
  'my:set-favourites': {
    input: z.object({ roomUids: z.array(RoomUid).check(z.maxLength(limits.favouriteRoomsMax)) }),
    output: z.object({}),
    http: 'PUT /api/me/favourites',
    summary: 'My favourite rooms in this order; a room that is not in the list is none any more.',
  },
});

export const myItemEvents = defineEvents({
  /** To the person: items as they are now; `rev` is one above the revision before. */
  'my:changed': z.object({ rev: Rev, items: z.array(MyItem) }),
});
