/** Who is called by name in a message. The server sees it, to tell them; what is said about them is sealed. */
import * as z from 'zod/mini';
import { Seq, Timestamp, RoomUid, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineRequests } from './request.ts';

export const Mentions = z.object({
  userUids: z.array(UserUid).check(z.maxLength(limits.mentionsMax)),
  /** Everybody in the room. */
  isAll: z.optional(z.boolean()),
});
export type Mentions = z.infer<typeof Mentions>;

/** A message that calls me, and where it is; its row is asked for by its name. */
export const MentionPlace = z.object({
  roomUid: RoomUid,
  /** `senderUid.clientId`. */
  message: z.string(),
  seq: Seq,
  sentAt: Timestamp,
  /** I was called with everybody, not by name. */
  isAll: z.boolean(),
});
export type MentionPlace = z.infer<typeof MentionPlace>;

export const mentionRequests = defineRequests({
  'mention:list': {
    input: z.object({
      /** The `sentAt` of the last one of the page before. */
      before: z.optional(Timestamp),
      /** A page has more where several of one moment would be torn apart. */
      limit: z.optional(wholeNumber(1, limits.pageSize)),
    }),
    output: z.object({ mentions: z.array(MentionPlace), hasMore: z.boolean() }),
    http: 'GET /api/me/mentions',
    summary: 'Messages of other people that call me, the newest first, in rooms that I am in.',
  },
});
