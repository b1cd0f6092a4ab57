/** Pictures of rooms: one each, read by whoever may see the room. */
import type { Read, Unit } from '../feature-types.ts';

export async function putPicture(
  { db }: Unit,
  roomId: number,
  picture: { mediaType: string; bytes: string } | null,
): Promise<void> {
  await deletePicture({ db }, roomId);
  if (picture === null) return;
  await db
    .insertInto('room_pictures')
    .values({ room_id: roomId, media_type: picture.mediaType, bytes: picture.bytes })
    .execute();
}

export async function deletePicture({ db }: Pick<Unit, 'db'>, roomId: number): Promise<void> {
  await db.deleteFrom('room_pictures').where('room_id', '=', roomId).execute();
}

/** The present picture of a room that this person is in, or that anybody may find. `bytes` are base64. */
export const findPicture = (db: Read, userId: number, roomUid: string, hash: string) =>
  db
    .selectFrom('rooms')
    .innerJoin('room_pictures', 'room_pictures.room_id', 'rooms.id')
    .leftJoin('members', (join) =>
      join.onRef('members.room_id', '=', 'rooms.id').on('members.user_id', '=', userId),
    )
    .select(['room_pictures.media_type as mediaType', 'room_pictures.bytes'])
    .where('rooms.uid', '=', roomUid)
    .where('rooms.picture_hash', '=', hash)
    .where((where) => where.or([where('members.user_id', 'is not', null), where('rooms.is_listed', '=', 1)]))
    .executeTakeFirst();
