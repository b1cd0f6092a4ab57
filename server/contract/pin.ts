/** What a pinned message carries in its row; and who may pin. */
import * as z from 'zod/mini';
import { Timestamp, UserUid } from './ids.ts';
import { limits } from './limits.ts';
import type { RoomPolicies, RoomRole } from './room-settings.ts';

const Deed = z.object({ at: Timestamp, byUid: UserUid });

/** Who pinned a message and when; `notice` while it is the room's notice as well. */
export const Pin = z.object({ ...Deed.shape, notice: z.optional(Deed) });
export type Pin = z.infer<typeof Pin>;

/** Pinning and unpinning: the owner and admins; every member where everybody may post. */
export const mayPin = (role: RoomRole, policies: Pick<RoomPolicies, 'post'>): boolean =>
  role !== 'member' || policies.post === 'everyone';

/** Raising and lowering a notice, which everybody is asked to acknowledge: as pinning, but for members only in small rooms. */
export const mayRaise = (
  role: RoomRole,
  policies: Pick<RoomPolicies, 'post'>,
  memberCount: number,
): boolean => role !== 'member' || (mayPin(role, policies) && memberCount <= limits.noticeByMembersMax);
