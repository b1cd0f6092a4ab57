/** What a room's members are told when the room itself changed. */
import type { Room } from '#contract/rooms.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom } from '../../gateway/delivery.ts';
import { withoutCursor } from './cursor-view.ts';

/** Uids of the members who came, went, or changed in something else than their cursor. */
export type MemberDifference = {
  added?: readonly string[];
  changed?: readonly string[];
  removed?: readonly string[];
};

/** To the room: its state after a change, as it was read inside the same unit. */
export function roomChanged(room: Room, difference: MemberDifference = {}): Delivery {
  const { members, lastSeq: _lastSeq, ...head } = room;
  const { added = [], changed = [], removed = [] } = difference;
  return toRoom(room.roomUid, 'room:changed', {
    ...head,
    added: members.filter((member) => added.includes(member.userUid)),
    // how far they have read has an event of its own, which not everybody may get
    changed: members.filter((member) => changed.includes(member.userUid)).map(withoutCursor),
    removed: [...removed],
  });
}
