/** Filling in wrapped room keys that somebody lacks (docs/e2e-protocol.md section 4, "Healing"). */
import * as z from 'zod/mini';
import { IdentityVersion, RoomUid, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineEvents, defineRequests } from './request.ts';
import { Wrap } from './sealed.ts';

/** A key that a member lacks for their newest identity, by the server's word: whether they may have it, clients decide by the records. */
export const MissingWrap = z.object({ userUid: UserUid, version: IdentityVersion, epoch: wholeNumber(1) });
export type MissingWrap = z.infer<typeof MissingWrap>;

/** A wrap for that version's entry of its person. */
export const SharedWrap = z.object({ ...MissingWrap.shape, wrap: Wrap });
export type SharedWrap = z.infer<typeof SharedWrap>;

/** Where a page of missing keys ended: to be handed back as it came. */
const WantedPlace = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,22}(\.[A-Za-z0-9_-]{1,22})?$/));

/** The oldest and newest epoch of a room of which I have a wrap. */
export const HeldKeys = z.object({ roomUid: RoomUid, oldest: wholeNumber(1), newest: wholeNumber(1) });
export type HeldKeys = z.infer<typeof HeldKeys>;

export const keySharingRequests = defineRequests({
  'keys:wanted': {
    input: z.object({
      /** Left out: all rooms of mine in which somebody has a new identity or reported a bad key. */
      roomUid: z.optional(RoomUid),
      after: z.optional(WantedPlace),
    }),
    output: z.object({
      /** Of one room: its keys, those of the newest epochs first. Of all rooms: one key for each room that lacks any. */
      missing: z.array(z.object({ ...MissingWrap.shape, roomUid: RoomUid })),
      /** Where the next page begins, even if this one is empty: each looks at a bounded number of keys. Null after the last one. */
      next: z.nullable(WantedPlace),
    }),
    http: 'GET /api/keys/wanted',
    summary: `Keys that other members may have and lack, and that I have; at most ${limits.wrapsSharedMax} a page.`,
  },
  'keys:share': {
    input: z.object({
      roomUid: RoomUid,
      wraps: z.array(SharedWrap).check(z.minLength(1), z.maxLength(limits.wrapsSharedMax)),
    }),
    output: z.object({ added: wholeNumber() }),
    http: 'POST /api/rooms/:roomUid/keys',
    summary:
      'Stores wrapped keys for other members. One that is there already stays as it is, and one that was bad is not taken from the same giver for ever.',
  },
  'keys:bad': {
    input: z.object({
      roomUid: RoomUid,
      wraps: z
        .array(z.object({ epoch: wholeNumber(1), version: IdentityVersion }))
        .check(z.minLength(1), z.maxLength(limits.wrapsSharedMax)),
    }),
    output: z.object({ putAside: wholeNumber() }),
    http: 'POST /api/rooms/:roomUid/keys/bad',
    summary: `My own wraps that do not open are put aside, so that somebody else may fill them in, where anybody can; at most ${limits.badWrapsMax} for one entry. They are kept, and tried again beside the one that takes their place.`,
  },
  'keys:held': {
    input: z.object({ after: z.optional(RoomUid) }),
    output: z.object({ rooms: z.array(HeldKeys), next: z.nullable(RoomUid) }),
    http: 'GET /api/keys/held',
    summary: `The oldest and the newest key that I have of each of my rooms; ${limits.heldKeysPageSize} rooms a page.`,
  },
});

export const keySharingEvents = defineEvents({
  /** To whoever lacked keys of a room and has them now. */
  'keys:shared': z.object({ roomUid: RoomUid }),
  /** To some members who are online: somebody in this room lacks keys that they have. */
  'keys:missing': z.object({ roomUid: RoomUid }),
});
