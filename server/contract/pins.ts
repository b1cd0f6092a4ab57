/**
 * Pins and notices. A pin travels with its message's row, so that whoever may not read the message does not learn of it. How
 * many have acknowledged a notice travels in an event of its own; who has is told to those who look after the notice.
 */
import * as z from 'zod/mini';
import { MessageName, Rev, RoomUid, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { Message } from './messages.ts';
import { defineEvents, defineRequests } from './request.ts';

const place = { roomUid: RoomUid, message: MessageName };
const path = '/api/rooms/:roomUid/messages/:message';

/** How far a notice is known: of the members who may read it, its author excepted. */
export const NoticeCount = z.object({ acknowledged: wholeNumber(), people: wholeNumber() });
export type NoticeCount = z.infer<typeof NoticeCount>;

/** A notice as the asking member sees it. */
export const NoticeState = z.object({
  message: MessageName,
  ...NoticeCount.shape,
  /** I have acknowledged it. Never true of my own message, which nobody asks me to acknowledge. */
  isAcknowledged: z.boolean(),
});
export type NoticeState = z.infer<typeof NoticeState>;

/** I was reminded of this notice and have not acknowledged it yet. */
export const NoticeReminder = z.object({ ...place, at: Timestamp });
export type NoticeReminder = z.infer<typeof NoticeReminder>;

export const NoticeReaders = z.object({
  /** In the order of acknowledging. */
  acknowledged: z.array(z.object({ userUid: UserUid, at: Timestamp })),
  waiting: z.array(UserUid),
  /** When those who had not were last reminded. */
  remindedAt: z.nullable(Timestamp),
});
export type NoticeReaders = z.infer<typeof NoticeReaders>;

export const pinRequests = defineRequests({
  'pin:list': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({
      /** Ascending by seq; of those that I may read. */
      messages: z.array(Message),
      /** Of those that are notices. */
      notices: z.array(NoticeState),
      /** The room’s revision that this is at least as new as. */
      rev: Rev,
    }),
    http: 'GET /api/rooms/:roomUid/pins',
    summary: 'The pinned messages of a room, and how far its notices are acknowledged.',
  },
  'pin:add': {
    input: z.object(place),
    output: z.object({ rev: Rev }),
    http: `PUT ${path}/pin`,
    limit: 'socket_send_message',
    summary: 'Pins a message; a repeat changes nothing.',
  },
  'pin:remove': {
    input: z.object(place),
    output: z.object({ rev: Rev }),
    http: `DELETE ${path}/pin`,
    limit: 'socket_send_message',
    summary: 'Unpins a message; a notice is lowered with it.',
  },
  'notice:raise': {
    input: z.object(place),
    output: z.object({ rev: Rev }),
    http: `PUT ${path}/notice`,
    limit: 'socket_send_message',
    summary: 'Makes a message a notice of its room, pinned if it was not; a repeat changes nothing.',
  },
  'notice:lower': {
    input: z.object(place),
    output: z.object({ rev: Rev }),
    http: `DELETE ${path}/notice`,
    limit: 'socket_send_message',
    summary: 'Makes a notice a mere pin again; its acknowledgements are forgotten.',
  },
  'notice:acknowledge': {
    input: z.object(place),
    output: z.object({ at: Timestamp }),
    http: `PUT ${path}/notice/acknowledgement`,
    limit: 'socket_send_message',
    summary: 'I have taken note of a notice; a repeat is answered with the first time.',
  },
  'notice:readers': {
    input: z.object(place),
    output: NoticeReaders,
    http: `GET ${path}/notice/readers`,
    summary: 'Who has acknowledged a notice and who has not; for its author, the owner and admins.',
  },
  'notice:remind': {
    input: z.object(place),
    output: z.object({ remindedAt: Timestamp, people: wholeNumber() }),
    http: `POST ${path}/notice/reminders`,
    limit: 'socket_send_message',
    summary:
      'Reminds those who have not acknowledged a notice, at most every ten minutes; for its author, the owner and admins.',
  },
});

export const pinEvents = defineEvents({
  /** Coalesced, to those who may read the notice; it does not bump the room’s revision. */
  'notice:counted': z.object({ ...place, ...NoticeCount.shape }),
  /** To the person. */
  'notice:acknowledged': z.object(place),
  /** To those who have not acknowledged it. Kept until they do: it comes with every `session:sync` as well. */
  'notice:reminded': z.object({ reminder: NoticeReminder }),
});
