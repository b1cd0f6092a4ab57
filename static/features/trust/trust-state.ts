/** What the rooms say about identities: whose changed without anybody having confirmed it, and whether mine waits. Pure. */
import type { Person } from '#contract/accounts.ts';
import type { PersonToAdd, RoomVerdict } from '../../crypto/index.ts';
import type { PeopleState } from '../people/person-state.ts';
import { memberOf } from '../rooms/room-state.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';

/** Rooms that name an identity of mine from before a reset: a colleague must confirm the present one. */
export const waitingRooms = (rooms: RoomsState): string[] =>
  [...rooms.byUid.values()]
    .filter(({ keys }) => keys.verdict?.reason === 'OWN_VERSION_OLD')
    .map(({ room }) => room.roomUid);

/**
 * People of a room whose server shows a newer identity than the one that the room's record names. Nobody has confirmed it, or it
 * is confirmed for me already and the next record brings it.
 */
export const changedPeople = (
  verdict: RoomVerdict,
  people: ReadonlyMap<string, Person>,
  meUid: string,
): string[] =>
  verdict.people
    .filter(({ userUid, version }) => {
      const person = people.get(userUid);
      return userUid !== meUid && person?.state === 'active' && person.identityVersion > version;
    })
    .map(({ userUid }) => userUid)
    .filter((userUid) => !verdict.renewable.includes(userUid));

/** The members besides me under their present identities, if the record names nobody who still has theirs. */
export function findOthersAnew(
  { room }: Pick<RoomEntry, 'room'>,
  verdict: RoomVerdict,
  { byUid }: Pick<PeopleState, 'byUid'>,
  meUid: string,
): PersonToAdd[] | null {
  // Whoever has left the room may have an identity and makes no record of it any more.
  const canAct = verdict.people.some(({ userUid, version }) => {
    const person = byUid.get(userUid);
    const isActive = person?.state === 'active' && person.identityVersion <= version;
    return isActive && memberOf(room, userUid) !== undefined;
  });
  const others = room.members.filter(({ userUid }) => userUid !== meUid);
  const people = others.flatMap(({ userUid }) => {
    const person = byUid.get(userUid);
    if (person === undefined) return [];
    return [{ userUid, version: person.identityVersion, displayName: person.displayName }];
  });
  return canAct || people.length !== others.length ? null : people;
}
