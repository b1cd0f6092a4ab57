/** Removing a room that nobody is in any more. */
import { compiledWrite } from '../../database/compiled-statement.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';

/** Messages removed in one unit: more would hold up everybody else's writes noticeably. */
const sliceSize = 2_000;

const deleteMessages = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('messages').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

const deleteBallots = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('poll_ballots').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

const deletePolls = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('polls').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

const deleteReactions = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('reactions').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

const deleteAcks = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('notice_acks').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

const deletePins = compiledWrite<{ roomId: number; upTo: number }>((db, param) =>
  db.deleteFrom('pins').where('room_id', '=', param('roomId')).where('seq', '<=', param('upTo')),
);

/** Messages up to a seq, after what refers to them. */
async function deleteSlice(db: Unit['db'], slice: { roomId: number; upTo: number }): Promise<void> {
  await deleteBallots(db, slice);
  await deletePolls(db, slice);
  await deleteReactions(db, slice);
  await deleteAcks(db, slice);
  await deletePins(db, slice);
  await deleteMessages(db, slice);
}

/**
 * Removes a room with everything of it, or, if it is long, makes it memberless, which is the same to everybody, and leaves
 * the rest to `purgeRooms`. Members must be gone already or be part of what is removed.
 */
export async function removeRoom(
  unit: Unit,
  room: { id: number; last_seq: number },
): Promise<{ isDone: boolean }> {
  await unit.db.deleteFrom('members').where('room_id', '=', room.id).execute();
  await unit.db.deleteFrom('wraps').where('room_id', '=', room.id).execute();
  await unit.db.deleteFrom('wraps_put_aside').where('room_id', '=', room.id).execute();
  await unit.db.deleteFrom('room_pictures').where('room_id', '=', room.id).execute();
  await unit.db.deleteFrom('join_requests').where('room_id', '=', room.id).execute();
  await unit.db.deleteFrom('former_rooms').where('room_id', '=', room.id).execute();
  // the pair may open a conversation anew before the rest is purged; an owner must not be named by it
  await unit.db
    .updateTable('rooms')
    .set({ direct_key: null, owner_id: null, picture_hash: null, is_listed: 0 })
    .where('id', '=', room.id)
    .execute();
  if (room.last_seq > sliceSize) return { isDone: false };
  await removeRest(unit, room.id, room.last_seq);
  return { isDone: true };
}

async function removeRest(unit: Unit, roomId: number, upTo: number): Promise<void> {
  await deleteSlice(unit.db, { roomId, upTo });
  await unit.db.deleteFrom('message_versions').where('room_id', '=', roomId).execute();
  await unit.db.deleteFrom('user_items').where('room_id', '=', roomId).execute();
  await unit.db.deleteFrom('mentions').where('room_id', '=', roomId).execute();
  await unit.db.deleteFrom('scheduled_messages').where('room_id', '=', roomId).execute();
  await unit.db.deleteFrom('epochs').where('room_id', '=', roomId).execute();
  await unit.db.deleteFrom('rooms').where('id', '=', roomId).execute();
}

/** Removes what is left of memberless rooms, a slice per unit. Also called at start, in case a removal was cut short. */
export async function purgeRooms(database: FeatureDatabase): Promise<void> {
  const rooms = await database.read
    .selectFrom('rooms')
    .leftJoin('members', 'members.room_id', 'rooms.id')
    .select(['rooms.id', 'rooms.last_seq'])
    .where('members.room_id', 'is', null)
    .execute();
  for (const room of rooms) {
    for (let upTo = sliceSize; upTo < room.last_seq; upTo += sliceSize) {
      await database.write(async ({ db }) => {
        await deleteSlice(db, { roomId: room.id, upTo });
        return { value: undefined, events: [] };
      });
    }
    await database.write(async (unit) => {
      await removeRest(unit, room.id, room.last_seq);
      return { value: undefined, events: [] };
    });
  }
}
