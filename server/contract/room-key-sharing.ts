/** Filling in wrapped room keys that somebody lacks (docs/e2e-protocol.md section 4, "Healing"). */
import * as z from 'zod/mini';
import { RoomUid, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import { Wrap } from './sealed.ts';

/** A key that a member lacks: the newest identity of that person in the room's records is for the clients to check. */
export const MissingWrap = z.object({ userUid: UserUid, epoch: wholeNumber(1) });
export type MissingWrap = z.infer<typeof MissingWrap>;

export const SharedWrap = z.object({ ...MissingWrap.shape, wrap: Wrap });
export type SharedWrap = z.infer<typeof SharedWrap>;

export const keySharingRequests = defineRequests({
  'keys:wanted': {
    input: z.object({ roomUid: RoomUid }),
    output: z.object({ missing: z.array(MissingWrap), hasMore: z.boolean() }),
    http: 'GET /api/rooms/:roomUid/keys/wanted',
    summary: `Keys that other members may have and lack, and that I have; at most ${limits.wrapsSharedMax} at once, newest first.`,
  },
  'keys:share': {
    input: z.object({
      roomUid: RoomUid,
      wraps: z.array(SharedWrap).check(z.minLength(1), z.maxLength(limits.wrapsSharedMax)),
    }),
    output: z.object({ added: wholeNumber() }),
    http: 'POST /api/rooms/:roomUid/keys',
    summary:
      'Stores wrapped keys of earlier epochs for other members. One that is there already stays as it is.',
  },
});

export const keySharingEvents = defineEvents({
  /** To whoever lacked keys of a room and has them now. */
  'keys:shared': z.object({ roomUid: RoomUid }),
});
