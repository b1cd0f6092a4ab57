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
import type { MemberRoom } from './room-access.ts';
import type { AppendAudit } from './room-administration.ts';
import { hasOthers } from './room-store.ts';

export type LeavingDeps = {
  rekeySearch: Pick<RekeySearch, 'start' | 'end'>;
  appendAudit: AppendAudit;
};

type Left = CleanUp & Required<Pick<CleanUp, 'afterwards'>> & { roomUids: string[] };

/** Ends all of somebody's group memberships inside a unit; `afterwards` asks for the new keys once that is durable. */
export type LeaveEveryGroup = (unit: Unit, person: DepartingUser) => Promise<Left>;

/**
 * Ends some of many memberships, in units of their own before the one that ends the rest: each room takes about a millisecond,
 * and nothing else is written meanwhile. Done: what is left fits into that unit.
 */
export type LeaveAhead = (unit: Unit, person: DepartingUser) => Promise<Left & { isDone: boolean }>;

/** Groups that one unit leaves if there are more. */
const groupsPerUnit = 8;

/** Asks for new keys of these rooms; what was being made named the one who left. */
export const askForKeys =
  (rekeySearch: LeavingDeps['rekeySearch'], roomUids: readonly string[]) => (): void => {
    for (const roomUid of roomUids) {
      rekeySearch.end(roomUid);
      rekeySearch.start(roomUid);
    }
  };

/**
 * Leaves groups but those in which nobody else is: there nobody is left to keep keys from, and leaving would delete what was
 * written there. Each is remembered, so that `proposeFormerRooms` can ask for the person to be added again.
 */
async function leaveGroups(
  { rekeySearch, appendAudit }: LeavingDeps,
  unit: Unit,
  person: DepartingUser,
  { groups, most }: { groups: readonly MemberRoom[]; most: number },
): Promise<Left & { visited: number }> {
  const events: Delivery[] = [];
  const roomUids: string[] = [];
  let visited = 0;
  for (const room of groups) {
    if (roomUids.length === most) break;
    visited += 1;
    if (!(await hasOthers(unit.db, room.id, person.userId))) continue;
    const departure = await departFromGroup(unit, room, person, appendAudit);
    await putFormerRoom(unit, { userId: person.userId, roomId: room.id, leftAt: person.now });
    events.push(...departure.events);
    roomUids.push(room.uid);
  }
  return { events, roomUids, visited, afterwards: askForKeys(rekeySearch, roomUids) };
}

const groupsOf = async ({ db }: Unit, { userId }: DepartingUser): Promise<MemberRoom[]> =>
  (await memberRooms(db, userId)).filter(({ type }) => type === 'group');

export const createLeaveEveryGroup =
  (deps: LeavingDeps): LeaveEveryGroup =>
  async (unit, person) => {
    const groups = await groupsOf(unit, person);
    return leaveGroups(deps, unit, person, { groups, most: groups.length });
  };

export const createLeaveAhead =
  (deps: LeavingDeps): LeaveAhead =>
  async (unit, person) => {
    const groups = await groupsOf(unit, person);
    const most = groups.length > groupsPerUnit ? groupsPerUnit : 0;
    const { visited, ...left } = await leaveGroups(deps, unit, person, { groups, most });
    // those in which nobody else is stay, and would be visited for ever
    const isDone = left.roomUids.length < groupsPerUnit || groups.length - visited <= groupsPerUnit;
    return { ...left, isDone };
  };
