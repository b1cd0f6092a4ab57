/** Reading what is one's own, and my settings of rooms. Other features write items by `putItems` of the composition root. */
import type { MyRoom } from '#contract/my-items.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase, Read } from '../feature-types.ts';
import { memberRoom, memberRooms, visibleFrom } from '../rooms/room-access.ts';
import { findItem, listItems, listRoomItems, putItems } from './my-item-store.ts';
import type { ItemChange, RoomItem } from './my-item-store.ts';
import { changedRoom, isSameRoom } from './my-room-rules.ts';

type MyRequestName = 'my:list' | 'my:set-room' | 'my:set-favourites';

export const createMyItemRequests = ({
  database,
}: {
  database: FeatureDatabase;
}): Pick<RequestHandlers, MyRequestName> => ({
  'my:list': ({ caller }, { since }) => listItems(database.read, caller.userId, since),

  'my:set-room': ({ caller }, { roomUid, ...change }) =>
    database.write(async (unit) => {
      const room = await memberRoom(unit.db, caller.userId, roomUid);
      const before = await settingsOf(unit.db, caller.userId, roomUid);
      const isNew = change.isFavourite === true && before?.favouriteRank === undefined;
      const settings = changedRoom(before, change, {
        lastSeq: room.last_seq,
        firstReadableSeq: visibleFrom(room),
        nextRank: isNew ? await nextRank(unit.db, caller.userId) : 0,
      });
      if (isSameRoom(before, settings)) return { value: { settings }, events: [] };
      const item: ItemChange = { kind: 'room', key: roomUid, value: settings, roomId: room.id };
      return { value: { settings }, events: [await putItems(unit, caller, [item])] };
    }),

  'my:set-favourites': ({ caller }, { roomUids }) =>
    database.write(async (unit) => {
      const ranks = new Map(roomUids.map((roomUid, index) => [roomUid, index + 1]));
      if (ranks.size !== roomUids.length) throw new AppError('INVALID_INPUT', { field: 'roomUids' });
      const rooms = new Map((await memberRooms(unit.db, caller.userId)).map(({ uid, id }) => [uid, id]));
      if (roomUids.some((roomUid) => !rooms.has(roomUid)))
        throw new AppError('NOT_FOUND', { field: 'roomUids' });
      const items = new Map((await listRoomItems(unit.db, caller.userId)).map((item) => [item.key, item]));
      const keys = new Set([...items.keys(), ...roomUids]);
      const changes = [...keys].flatMap((key) => {
        const item = items.get(key);
        return rankChange(key, item, rooms.get(key) ?? item?.roomId ?? null, ranks.get(key));
      });
      return { value: {}, events: changes.length === 0 ? [] : [await putItems(unit, caller, changes)] };
    }),
});

const settingsOf = async (db: Read, userId: number, roomUid: string): Promise<MyRoom | null> => {
  const item = await findItem(db, userId, 'room', roomUid);
  return item?.kind === 'room' ? item.value : null;
};

/** Behind all favourites; LIST_FULL if there are as many as there can be. */
async function nextRank(db: Read, userId: number): Promise<number> {
  const ranks = (await listRoomItems(db, userId)).flatMap(({ value }) => value.favouriteRank ?? []);
  if (ranks.length >= limits.favouriteRoomsMax) throw new AppError('LIST_FULL');
  return Math.max(0, ...ranks) + 1;
}

/** What has to be written so that a room has this place among the favourites, or none. */
function rankChange(
  key: string,
  item: RoomItem | undefined,
  roomId: number | null,
  rank: number | undefined,
): ItemChange[] {
  const { favouriteRank: before, ...others } = item?.value ?? {};
  if (before === rank) return [];
  const value = rank === undefined ? others : { ...others, favouriteRank: rank };
  return [{ kind: 'room', key, roomId, value: Object.keys(value).length === 0 ? null : value }];
}
