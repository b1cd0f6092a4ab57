/** Going out of a group: by oneself, or because the account is deleted. */
import type { Delivery } from '../../gateway/delivery.ts';
import { leaveRoom, toUser } from '../../gateway/delivery.ts';
import type { Unit } from '../feature-types.ts';
import { memberRoom } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import { roomChanged } from './room-events.ts';
import { heirOf } from './role-rules.ts';
import type { AppendAudit } from './room-administration.ts';
import { deleteMember, membersOf, toRoomState, updateRoom } from './room-store.ts';
import { removeRoom } from './room-removal.ts';

export type Departure = {
  events: Delivery[];
  /** Somebody is left and needs a new epoch. */
  isRekeyNeeded: boolean;
  /** The room is gone, but not all of its rows yet: `purgeRooms` removes them. */
  isPurgeNeeded: boolean;
};

/**
 * Ends a membership in a group. A leaving owner hands over to the longest-standing admin, else member; the last one out takes
 * the room along; otherwise sends wait for an epoch without the one who left.
 */
export async function departFromGroup(
  unit: Unit,
  room: MemberRoom,
  who: { userId: number; userUid: string; now: number },
  appendAudit: AppendAudit,
): Promise<Departure> {
  const { uid: roomUid } = room;
  const gone = [leaveRoom(roomUid, [who.userUid]), toUser(who.userUid, 'room:gone', { roomUid })];
  const others = (await membersOf(unit.db, room.id)).filter((member) => member.user_id !== who.userId);
  const heir = heirOf(others);
  if (heir === undefined) {
    const { isDone } = await removeRoom(unit, room);
    return { events: gone, isRekeyNeeded: false, isPurgeNeeded: !isDone };
  }
  await deleteMember(unit, room.id, who.userId);
  const owner = others.find((member) => member.user_id === room.owner_id) ?? heir;
  await updateRoom(unit, room, { owner_id: owner.user_id, is_rekey_needed: 1 });
  const isHandedOver = owner.user_id !== room.owner_id;
  if (isHandedOver) {
    const entry = { at: who.now, actorUid: who.userUid, action: 'room-handed-over' } as const;
    await appendAudit(unit, { ...entry, subject: owner.userUid, roomUid, details: { reason: 'left' } });
  }
  // in a large room its members are much to read, and these are known
  const left = await memberRoom(unit.db, heir.user_id, roomUid);
  const changed = roomChanged(toRoomState(left, others), {
    removed: [who.userUid],
    changed: isHandedOver ? [owner.userUid] : [],
  });
  return { events: [...gone, changed], isRekeyNeeded: true, isPurgeNeeded: false };
}
