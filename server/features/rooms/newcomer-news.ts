/**
 * Who people are, told where somebody comes into a room. Changes of a person go to the rooms that they are in: whoever shared
 * none with them at that time may know an older row, whose identity is gone, and would compare digits with that one.
 */
import type { Room } from '#contract/rooms.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUsers } from '../../gateway/delivery.ts';
import type { Read } from '../feature-types.ts';
import { personColumns, toPerson } from '../person-row.ts';
import type { PersonRow } from '../person-row.ts';

const renewedMembers = (db: Read, roomUid: string): Promise<PersonRow[]> =>
  db
    .selectFrom('rooms')
    .innerJoin('members', 'members.room_id', 'rooms.id')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(personColumns)
    .where('rooms.uid', '=', roomUid)
    .where('users.identity_version', '>', 1)
    .execute();

/**
 * Rows of those in the room whose identity is not their first: of the newcomers to everybody who is there, of the others to the
 * newcomers. To be delivered before the newcomers join.
 */
export async function newcomerNews(db: Read, room: Room, newcomers: readonly string[]): Promise<Delivery[]> {
  const people = (await renewedMembers(db, room.roomUid)).map(toPerson);
  return people.flatMap((person) => [
    ...(newcomers.includes(person.userUid) ? [toRoom(room.roomUid, 'person:updated', { person })] : []),
    toUsers([...newcomers], 'person:updated', { person }),
  ]);
}
