/** Messages that wait for their time. They are sealed like any other; only their author sees them until then. */
import * as z from 'zod/mini';
import { ClientId, MessageName, RoomUid, Timestamp } from './ids.ts';
import { Mentions } from './mentions.ts';
import { defineEvents, defineRequests } from './request.ts';
import { Envelope } from './sealed.ts';

/**
 * `waiting` for its time; `needs-reseal`: its time has come, and the room's keys moved on since it was sealed: the author's
 * client seals it anew; `failed`: it cannot be sent, `reason` says why.
 */
export const ScheduledState = z.enum(['waiting', 'needs-reseal', 'failed']);
export type ScheduledState = z.infer<typeof ScheduledState>;

export const ScheduledMessage = z.object({
  roomUid: RoomUid,
  clientId: ClientId,
  target: z.nullable(MessageName),
  envelope: Envelope,
  mentions: z.optional(Mentions),
  deliverAt: Timestamp,
  state: ScheduledState,
  /** A refusal's code, of a failed one. */
  reason: z.nullable(z.string()),
});
export type ScheduledMessage = z.infer<typeof ScheduledMessage>;

export const scheduledRequests = defineRequests({
  'scheduled:list': {
    input: z.object({}),
    output: z.object({ messages: z.array(ScheduledMessage) }),
    http: 'GET /api/me/scheduled',
    summary: 'My messages that wait for their time, the next one first.',
  },
  'scheduled:put': {
    input: z.object({
      roomUid: RoomUid,
      clientId: ClientId,
      target: z.optional(z.nullable(MessageName)),
      envelope: Envelope,
      mentions: z.optional(Mentions),
      /** A time that has passed: at once, for one that is scheduled already. */
      deliverAt: Timestamp,
    }),
    output: z.object({}),
    http: 'PUT /api/me/scheduled/:clientId',
    limit: 'socket_send_message',
    summary: 'Schedules a sealed message, or replaces one that waits; a repeat changes nothing.',
  },
  'scheduled:cancel': {
    input: z.object({ clientId: ClientId }),
    output: z.object({}),
    http: 'DELETE /api/me/scheduled/:clientId',
    summary: 'Takes back a message that waits. One that has gone out is not affected.',
  },
});

export const scheduledEvents = defineEvents({
  /** To the author: as it is now; null once it was sent or taken back. */
  'scheduled:changed': z.object({ clientId: ClientId, message: z.nullable(ScheduledMessage) }),
});
