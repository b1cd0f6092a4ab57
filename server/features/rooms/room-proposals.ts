/**
 * Rooms that somebody is proposed to by the server's administrators. It adds nobody: only a member's client can make keys,
 * so the rooms' owners and admins find a request that they answer with one press.
 */
import type { JoinRequestOrigin } from '#contract/join-requests.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { DepartingUser, Unit } from '../feature-types.ts';
import { deleteFormerRooms, formerRoomsOf } from './former-room-store.ts';
import { findRequest, isMember, putRequest } from './join-request-store.ts';
import { requestChanged } from './join-requests.ts';

type ProposedRoom = { id: number; uid: string; owner_id: number | null };

async function propose(
  unit: Unit,
  { userId, userUid, now }: DepartingUser,
  rooms: readonly ProposedRoom[],
  origin: JoinRequestOrigin,
): Promise<Delivery[]> {
  const events: Delivery[] = [];
  for (const room of rooms) {
    if (await isMember(unit.db, room.id, userId)) continue;
    // whoever waits already keeps their place
    if ((await findRequest(unit.db, room.id, userId))?.state === 'pending') continue;
    await putRequest(unit, room.id, userId, { now, origin });
    const asker = { roomUid: room.uid, userUid, askedAt: now, origin };
    events.push(await requestChanged(unit.db, room, asker, 'pending'));
  }
  return events;
}

/** Asks the owners and admins of these groups to add somebody. Throws NOT_FOUND if one is not there. */
export async function proposeRooms(
  unit: Unit,
  person: DepartingUser,
  roomUids: readonly string[],
): Promise<Delivery[]> {
  if (roomUids.length === 0) return [];
  const rooms = await unit.db
    .selectFrom('rooms')
    .select(['id', 'uid', 'owner_id'])
    .where('uid', 'in', roomUids)
    .where('type', '=', 'group')
    .where('owner_id', 'is not', null)
    .orderBy('id')
    .execute();
  if (rooms.length !== new Set(roomUids).size) throw new AppError('NOT_FOUND', { field: 'roomUids' });
  return propose(unit, person, rooms, 'approved');
}

/** Asks the owners and admins of the groups that somebody was taken out of to add them again. Gives the events. */
export async function proposeFormerRooms(unit: Unit, person: DepartingUser): Promise<Delivery[]> {
  const rooms = await formerRoomsOf(unit.db, person.userId);
  await deleteFormerRooms(unit, person.userId);
  return propose(
    unit,
    person,
    rooms.filter(({ owner_id: ownerId }) => ownerId !== null),
    'again',
  );
}
