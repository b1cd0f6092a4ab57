import * as z from 'zod/mini';
import { defineEvents, defineRequests } from './request.ts';
import { MessageName, RoomUid, Seq, Timestamp, UserUid } from './ids.ts';
import { limits } from './limits.ts';
import { Message } from './messages.ts';
import { Poll, PollOptionId } from './poll.ts';

export const PollVoters = z.object({ optionId: PollOptionId, userUids: z.array(UserUid) });
export type PollVoters = z.infer<typeof PollVoters>;

export const pollRequests = defineRequests({
  'poll:vote': {
    input: z.object({
      /** The poll message's name, `senderUid.clientId`. */
      id: MessageName,
      optionIds: z.array(PollOptionId).check(z.maxLength(limits.pollOptionsMax)),
    }),
    output: z.object({ optionIds: z.array(PollOptionId), poll: Poll }),
    http: 'POST /api/polls/:id/vote',
    // it reaches as many people as a message
    limit: 'socket_send_message',
    summary:
      'Sets my vote, in place of the one before; an empty list takes it back. OPTION_UNKNOWN for an option of another poll.',
  },
  'poll:close': {
    input: z.object({ id: MessageName }),
    output: z.object({ closedAt: Timestamp }),
    http: 'POST /api/polls/:id/close',
    summary: 'Closes a poll for good: its author, and the owner and admins of its room.',
  },
  'poll:get': {
    input: z.object({
      id: MessageName,
      /** Also tells who voted for what, unless the poll is anonymous. */
      with: z.optional(z.literal('voters')),
    }),
    output: z.object({
      /** My own vote; null once the server has forgotten it (an anonymous poll that is closed). */
      optionIds: z.nullable(z.array(PollOptionId)),
      /** Null if nobody asked, or if the poll is anonymous. Who has no account any more is only counted, not named. */
      voters: z.nullable(z.array(PollVoters)),
    }),
    http: 'GET /api/polls/:id',
    summary: 'My vote in a poll and, if asked for, who voted for what.',
  },
  'poll:list': {
    input: z.object({
      roomUid: RoomUid,
      /** Polls below this seq. */
      before: z.optional(Seq),
    }),
    output: z.object({ messages: z.array(Message), hasMore: z.boolean() }),
    http: 'GET /api/rooms/:roomUid/polls',
    summary: 'Polls of a room that I may read, newest first, 20 at a time.',
  },
});

export const pollEvents = defineEvents({
  /** To all browsers of whoever voted: their own vote. Everybody gets the totals with the message's row. */
  'poll:voted': z.object({ roomUid: RoomUid, id: MessageName, optionIds: z.array(PollOptionId) }),
});
