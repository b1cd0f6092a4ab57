import * as z from 'zod/mini';
import { defineEvents, defineRequests } from './request.ts';
import { RoomUid, Timestamp, UserUid } from './ids.ts';
import { limits } from './limits.ts';

/** When a person's last connection ended, to the minute. */
export const LastSeen = z.object({ userUid: UserUid, at: Timestamp });
export type LastSeen = z.infer<typeof LastSeen>;

export const presenceRequests = defineRequests({
  'presence:report': {
    input: z.object({ isAway: z.boolean() }),
    output: z.object({}),
    http: 'PUT /api/presence',
    limit: 'general',
    summary:
      'Over a socket: whether somebody is at this page. A person is away once every page of theirs says so; a new connection begins as not away.',
  },
  'presence:last-seen': {
    input: z.object({ userUids: z.array(UserUid).check(z.maxLength(limits.roomMembersMax)) }),
    output: z.object({ lastSeen: z.array(LastSeen) }),
    http: 'POST /api/presence/query',
    isRepeatable: true,
    limit: 'general',
    summary:
      'When these people were last connected. Those who share no room with me, or were never seen, are left out.',
  },
  'typing:start': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({}),
    http: 'POST /api/rooms/:roomUid/typing',
    // the points are each request's own: typing uses up nothing of sending
    limit: 'socket_send_message',
    summary: 'I am writing here. Told to the others who are connected, never stored; nothing in large rooms.',
  },
});

export const presenceEvents = defineEvents({
  /** To people who share a room with them, coalesced over two seconds. Each person is in one of the lists. */
  'presence:changed': z.object({
    online: z.array(UserUid),
    /** Connected, but not at any of their pages. */
    away: z.array(UserUid),
    offline: z.array(UserUid),
  }),
  /** To the room's other people who are connected: may be lost, holds for six seconds. */
  'typing:started': z.object({ roomUid: RoomUid, userUid: UserUid }),
});
