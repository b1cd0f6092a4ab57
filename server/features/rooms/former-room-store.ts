/** Rows of groups that somebody was taken out of, kept until they are proposed to them again. */
import type { Read, Unit } from '../feature-types.ts';

export async function putFormerRoom(
  { db }: Unit,
  { userId, roomId, leftAt }: { userId: number; roomId: number; leftAt: number },
): Promise<void> {
  await db
    .insertInto('former_rooms')
    .values({ user_id: userId, room_id: roomId, left_at: leftAt })
    .onConflict((conflict) => conflict.columns(['user_id', 'room_id']).doUpdateSet({ left_at: leftAt }))
    .execute();
}

export const formerRoomsOf = (db: Read, userId: number) =>
  db
    .selectFrom('former_rooms')
    .innerJoin('rooms', 'rooms.id', 'former_rooms.room_id')
    .select(['rooms.id', 'rooms.uid', 'rooms.owner_id'])
    .where('former_rooms.user_id', '=', userId)
    .orderBy('rooms.id')
    .execute();

export async function deleteFormerRooms({ db }: Unit, userId: number): Promise<void> {
  await db.deleteFrom('former_rooms').where('user_id', '=', userId).execute();
}
