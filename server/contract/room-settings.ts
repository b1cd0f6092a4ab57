/** What a room is besides its people and messages: how it presents itself, and who may do what in it. */
import * as z from 'zod/mini';
import { textBlock } from './ids.ts';
import { limits } from './limits.ts';

/** Several lines at most, or nothing. */
export const RoomDescription = textBlock(limits.roomDescriptionMax);

/** The first 16 bytes of SHA-256 of a picture, base64url: its name in an address that may be cached for good. */
export const PictureHash = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));

/**
 * A picture as it is sent: WebP, PNG or JPEG in plain base64. The client has cut it to a small square already; the server
 * looks at its first bytes and measures, never at what it shows.
 */
export const PictureBytes = z
  .string()
  .check(z.maxLength(Math.ceil(limits.roomPictureMaxBytes / 3) * 4), z.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/** `owner`: exactly one in a group. Everybody in a direct room is a `member`. */
export const RoomRole = z.enum(['owner', 'admin', 'member']);
export type RoomRole = z.infer<typeof RoomRole>;

/** `admins` means the owner, too. */
export const WhoMay = z.enum(['everyone', 'admins']);
export type WhoMay = z.infer<typeof WhoMay>;

export const RoomPolicies = z.object({
  invite: WhoMay,
  /** `admins` makes it an announcement room. */
  post: WhoMay,
  /** Who may call everybody by `@all`. */
  mentionAll: WhoMay,
  /** Anybody on this server may find it and ask to join. */
  isListed: z.boolean(),
});
export type RoomPolicies = z.infer<typeof RoomPolicies>;
