/**
 * Taking somebody out of every group at once: the account is disabled or deleted, or the device with its keys is lost. The
 * others go on under keys that this person does not get.
 */
import type { Delivery } from '../../gateway/delivery.ts';
import type { CleanUp, DepartingUser, Unit } from '../feature-types.ts';
import { departFromGroup } from './departure.ts';
import { putFormerRoom } from './former-room-store.ts';
import type { RekeySearch } from './rekey-search.ts';
import { memberRooms } from './room-access.ts';
import type { AppendAudit } from './room-administration.ts';
import { membersOf } from './room-store.ts';

export type LeavingDeps = {
  rekeySearch: Pick<RekeySearch, 'start' | 'end'>;
  appendAudit: AppendAudit;
};

/** Ends all of somebody's group memberships inside a unit; `afterwards` asks for the new keys once that is durable. */
export type LeaveEveryGroup = (
  unit: Unit,
  person: DepartingUser,
) => Promise<CleanUp & Required<Pick<CleanUp, 'afterwards'>> & { roomUids: string[] }>;

/** Asks for new keys of these rooms; what was being made named the one who left. */
export const askForKeys =
  (rekeySearch: LeavingDeps['rekeySearch'], roomUids: readonly string[]) => (): void => {
    for (const roomUid of roomUids) {
      rekeySearch.end(roomUid);
      rekeySearch.start(roomUid);
    }
  };

/**
 * Leaves all groups but those in which nobody else is: there nobody is left to keep keys from, and leaving would delete
 * what was written there. Each is remembered, so that `proposeFormerRooms` can ask for the person to be added again.
 */
export const createLeaveEveryGroup =
  ({ rekeySearch, appendAudit }: LeavingDeps): LeaveEveryGroup =>
  async (unit, person) => {
    const events: Delivery[] = [];
    const roomUids: string[] = [];
    for (const room of await memberRooms(unit.db, person.userId)) {
      if (room.type !== 'group') continue;
      if ((await membersOf(unit.db, room.id)).length < 2) continue;
      const departure = await departFromGroup(unit, room, person, appendAudit);
      await putFormerRoom(unit, { userId: person.userId, roomId: room.id, leftAt: person.now });
      events.push(...departure.events);
      roomUids.push(room.uid);
    }
    return { events, roomUids, afterwards: askForKeys(rekeySearch, roomUids) };
  };
