/** Who may do what in a group. Pure. */
import type { RoomRole, WhoMay } from '#contract/room-settings.ts';

/** The owner removes anybody; admins remove members, neither the owner nor each other. */
export const mayKick = (actor: RoomRole, target: RoomRole): boolean =>
  actor === 'owner' || (actor === 'admin' && target === 'member');

export const mayInvite = (policy: WhoMay, role: RoomRole): boolean =>
  policy === 'everyone' || role !== 'member';

type Candidate = { is_admin: 0 | 1; userState: 'active' | 'disabled' | 'deleted' };

/**
 * Who becomes the owner when the present one goes: the longest-standing admin, else the longest-standing member, and only if
 * there is nobody else somebody whose account is not in use. `members` are those who stay, the longest-standing first.
 */
export function heirOf<Row extends Candidate>(members: readonly Row[]): Row | undefined {
  const able = members.filter(({ userState }) => userState === 'active');
  return able.find((member) => member.is_admin === 1) ?? able[0] ?? members[0];
}
