/** Who may do what in a group. Pure. */
import type { RoomRole, WhoMay } from '#contract/room-settings.ts';

/** The owner removes anybody; admins remove members, neither the owner nor each other. */
export const mayKick = (actor: RoomRole, target: RoomRole): boolean =>
  actor === 'owner' || (actor === 'admin' && target === 'member');

export const mayInvite = (policy: WhoMay, role: RoomRole): boolean =>
  policy === 'everyone' || role !== 'member';

/** Who becomes the owner when the present one goes. `members` are those who stay, the longest-standing first. */
export const heirOf = <Row extends { is_admin: 0 | 1 }>(members: readonly Row[]): Row | undefined =>
  members.find((member) => member.is_admin === 1) ?? members[0];
