/** Reactions: sealed emojis on messages (docs/e2e-protocol.md section 5). They travel with the message's row. */
import * as z from 'zod/mini';
import { MessageName, Rev, RoomUid, UserUid } from './ids.ts';
import { defineRequests } from './request.ts';
import { ReactionToken, SealedReaction } from './sealed.ts';

/** Everybody who reacted to a message with one emoji, as far as they sealed it in the same epoch. */
export const Reaction = z.object({
  token: ReactionToken,
  /** In the order in which they reacted. */
  people: z.array(UserUid),
  /** The emoji, as the first of these people sealed it. */
  sealed: SealedReaction,
});
export type Reaction = z.infer<typeof Reaction>;

const reactionPath = '/api/rooms/:roomUid/messages/:message/reactions/:token';

export const reactionRequests = defineRequests({
  'reaction:add': {
    input: z.object({
      roomUid: RoomUid,
      message: MessageName,
      token: ReactionToken,
      sealed: SealedReaction,
    }),
    output: z.object({ rev: Rev }),
    http: `PUT ${reactionPath}`,
    limit: 'socket_send_message',
    summary: 'Reacts to a message with an emoji sealed in the newest epoch; a repeat changes nothing.',
  },
  'reaction:remove': {
    input: z.object({ roomUid: RoomUid, message: MessageName, token: ReactionToken }),
    output: z.object({ rev: Rev }),
    http: `DELETE ${reactionPath}`,
    limit: 'socket_send_message',
    summary: 'Takes my reaction back; without one of mine nothing changes.',
  },
});
