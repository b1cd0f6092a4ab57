/** What becomes of a deleted person's rooms: groups are left; direct rooms stay for the other one. */
import type { Delivery } from '../../gateway/delivery.ts';
import { leaveRoom } from '../../gateway/delivery.ts';
import type { CleanUpUser, Unit } from '../feature-types.ts';
import { departFromGroup } from './departure.ts';
import { deleteWrapsOf } from './wrap-store.ts';
import { deleteFormerRooms } from './former-room-store.ts';
import { askForKeys } from './leave-every-group.ts';
import { memberRooms } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import type { RekeySearch } from './rekey-search.ts';
import type { AppendAudit } from './room-administration.ts';
import { removeRoom } from './room-removal.ts';

type CleanUpDeps = {
  rekeySearch: Pick<RekeySearch, 'start' | 'end'>;
  purge: () => void;
  appendAudit: AppendAudit;
};

/** A direct room is kept while one of the two still has an account. Gives true if rows are left to purge. */
async function leaveDirectRoom(unit: Unit, room: MemberRoom, userId: number): Promise<boolean> {
  const other = await unit.db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.state')
    .where('members.room_id', '=', room.id)
    .where('members.user_id', '!=', userId)
    .executeTakeFirst();
  if (other !== undefined && other.state !== 'deleted') return false;
  return !(await removeRoom(unit, room)).isDone;
}

export const createRoomCleanUp =
  ({ rekeySearch, purge, appendAudit }: CleanUpDeps): CleanUpUser =>
  async (unit, { userId, userUid, now }) => {
    const events: Delivery[] = [];
    const roomUidsToRekey: string[] = [];
    let isPurgeNeeded = false;
    // first, because what is left of a room that is purged later must not name this person
    await deleteWrapsOf(unit, userId);
    await deleteFormerRooms(unit, userId);
    for (const room of await memberRooms(unit.db, userId)) {
      if (room.type === 'direct') {
        if (await leaveDirectRoom(unit, room, userId)) isPurgeNeeded = true;
        events.push(leaveRoom(room.uid, [userUid]));
        continue;
      }
      const departure = await departFromGroup(unit, room, { userId, userUid, now }, appendAudit);
      events.push(...departure.events);
      if (departure.isRekeyNeeded) roomUidsToRekey.push(room.uid);
      if (departure.isPurgeNeeded) isPurgeNeeded = true;
    }
    return {
      events,
      afterwards() {
        askForKeys(rekeySearch, roomUidsToRekey)();
        if (isPurgeNeeded) purge();
      },
    };
  };
