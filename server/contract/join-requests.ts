/** Rooms that anybody may find, and asking to be let in. Accepting is an invitation, since only a member can make keys. */
import * as z from 'zod/mini';
import { RoomUid, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import { PictureHash } from './room-settings.ts';

export const JoinRequestState = z.enum(['pending', 'declined']);

/** A room as somebody who is not in it finds it. */
export const ListedRoom = z.object({
  roomUid: RoomUid,
  title: z.string(),
  description: z.string(),
  pictureHash: z.nullable(PictureHash),
  memberCount: wholeNumber(),
  isMember: z.boolean(),
  /** My own request; null if there is none. */
  request: z.nullable(JoinRequestState),
});
export type ListedRoom = z.infer<typeof ListedRoom>;

/**
 * Why somebody is to be let in: they asked; a server admin let them in and proposed the room (`approved`); they were in it
 * before their account was disabled or its device lost (`again`).
 */
export const JoinRequestOrigin = z.enum(['asked', 'approved', 'again']);
export type JoinRequestOrigin = z.infer<typeof JoinRequestOrigin>;

/** Somebody waits for an answer of a room's owner or admins. */
export const JoinRequest = z.object({
  roomUid: RoomUid,
  userUid: UserUid,
  askedAt: Timestamp,
  origin: JoinRequestOrigin,
});
export type JoinRequest = z.infer<typeof JoinRequest>;

export const joinRequestRequests = defineRequests({
  'room:discover': {
    input: z.object({
      /** Part of a title or description; all of them if left out. */
      query: z.optional(z.string().check(z.maxLength(100))),
      /** The last room of the page before. */
      after: z.optional(RoomUid),
    }),
    output: z.object({ rooms: z.array(ListedRoom), hasMore: z.boolean() }),
    http: 'GET /api/discover',
    summary: `Rooms that anybody may find, by title, ${limits.pageSize} at a time.`,
  },
  'room:ask': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({ request: JoinRequestState }),
    http: 'POST /api/rooms/:roomUid/requests',
    // it reaches several people, and can be taken back and made again
    limit: 'socket_send_message',
    summary:
      'Asks the owner and admins of a room that may be found to be let in. A declined request may be made anew after a day.',
  },
  'room:withdraw': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({}),
    http: 'DELETE /api/rooms/:roomUid/requests',
    summary: 'Takes my request back.',
  },
  'room:decline': {
    input: z.object({ roomUid: RoomUid, userUid: UserUid }),
    output: z.object({}),
    http: 'DELETE /api/rooms/:roomUid/requests/:userUid',
    summary: 'Declines somebody’s request; the owner and admins. Accepting is `room:invite`.',
  },
  'room:requests': {
    input: z.object({}),
    output: z.object({ waiting: z.array(JoinRequest) }),
    http: 'GET /api/room-requests',
    summary: 'Who waits for an answer in the groups that I own or administer.',
  },
});

export const joinRequestEvents = defineEvents({
  /** To whoever asked and to the room's owner and admins. `accepted` comes after `room:joined`. */
  'room:request-changed': z.object({
    ...JoinRequest.shape,
    state: z.enum(['pending', 'declined', 'withdrawn', 'accepted']),
  }),
});
