/** Rows of what is one person's alone. */
import type { MyChanges, MyItem, MyRoom } from '#contract/my-items.ts';
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { CleanUpUser, Read, Unit } from '../feature-types.ts';

/** An item to be written: `MyItem` without its revision. `value` null takes it away. */
export type ItemChange = MyItem extends infer Item
  ? Item extends MyItem
    ? Omit<Item, 'rev'> & { roomId: number | null }
    : never
  : never;

type Row = { kind: string; key: string; value: string | null; rev: number };

const toItem = ({ kind, key, value, rev }: Row): MyItem =>
  // written by `putItems`, whose changes are typed by the contract
  ({ kind, key, rev, value: value === null ? null : JSON.parse(value) }) as MyItem;

const selectRev = compiledSelect<{ userId: number }>()((db, param) =>
  db.selectFrom('users').select(['items_rev', 'items_forgotten_rev']).where('id', '=', param('userId')),
);

const selectSince = compiledSelect<{ userId: number; since: number }>()((db, param) =>
  db
    .selectFrom('user_items')
    .select(['kind', 'key', 'value', 'rev'])
    .where('user_id', '=', param('userId'))
    .where('rev', '>', param('since')),
);

/**
 * What changed after a revision; everything with `since` undefined, with a revision that this database never had, or with one
 * that is too old to know what is gone since. The revision is read first: what is written meanwhile comes as an event.
 */
export async function listItems(db: Read, userId: number, since: number | undefined): Promise<MyChanges> {
  const [row] = await selectRev(db, { userId });
  const rev = row?.items_rev ?? 0;
  const isReset = since === undefined || since > rev;
  if (!isReset && since === rev) return { rev, isReset, items: [] };
  const rows = await selectSince(db, { userId, since: isReset ? 0 : since });
  // afterwards: rows may have been forgotten while these were read
  const [now] = await selectRev(db, { userId });
  if (!isReset && since < (now?.items_forgotten_rev ?? 0)) return listItems(db, userId, undefined);
  const items = rows.map(toItem).filter((item) => item.rev <= rev);
  return { rev, isReset, items: isReset ? items.filter(({ value }) => value !== null) : items };
}

/** Whether a person has this item now. */
export async function hasItem(db: Read, userId: number, kind: MyItem['kind'], key: string): Promise<boolean> {
  return (await findItem(db, userId, kind, key)) !== null;
}

/** One item as it is now; null if there is none. */
export async function findItem(
  db: Read,
  userId: number,
  kind: MyItem['kind'],
  key: string,
): Promise<MyItem | null> {
  const row = await db
    .selectFrom('user_items')
    .select(['kind', 'key', 'value', 'rev'])
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined || row.value === null ? null : toItem(row);
}

/** One person's settings of a room, with the room's key in the database. */
export type RoomItem = { key: string; roomId: number | null; value: MyRoom };

/** All settings of rooms that a person has. */
export async function listRoomItems(db: Read, userId: number): Promise<RoomItem[]> {
  const rows = await db
    .selectFrom('user_items')
    .select(['key', 'room_id', 'value'])
    .where('user_id', '=', userId)
    .where('kind', '=', 'room')
    .where('value', 'is not', null)
    .execute();
  return rows.map(({ key, room_id: roomId, value }) => ({
    key,
    roomId,
    // written by `putItems`, whose changes are typed by the contract; the query leaves nulls out
    value: JSON.parse(value ?? '{}') as MyRoom,
  }));
}

/** How many live items of a kind a person has. */
export async function countItems(db: Read, userId: number, kind: MyItem['kind']): Promise<number> {
  const row = await db
    .selectFrom('user_items')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('kind', '=', kind)
    .where('value', 'is not', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Writes items of one person, all under one new revision, and gives the event for their other browsers. */
export async function putItems(
  { db }: Unit,
  who: { userId: number; userUid: string },
  changes: readonly ItemChange[],
): Promise<Delivery> {
  const { items_rev: rev } = await db
    .updateTable('users')
    .set((set) => ({ items_rev: set('items_rev', '+', 1) }))
    .where('id', '=', who.userId)
    .returning('items_rev')
    .executeTakeFirstOrThrow();
  const items: MyItem[] = [];
  for (const { kind, key, value, roomId } of changes) {
    const stored = value === null ? null : JSON.stringify(value);
    await db
      .insertInto('user_items')
      .values({ user_id: who.userId, kind, key, room_id: roomId, value: stored, rev })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'kind', 'key']).doUpdateSet({ value: stored, room_id: roomId, rev }),
      )
      .execute();
    items.push(toItem({ kind, key, value: stored, rev }));
  }
  return toUser(who.userUid, 'my:changed', { rev, items });
}

/** A deleted account leaves none of its own items. */
export const cleanUpItems: CleanUpUser = async ({ db }, { userId }) => {
  await db.deleteFrom('user_items').where('user_id', '=', userId).execute();
  // how often somebody changed something is theirs, too
  await db
    .updateTable('users')
    .set({ items_rev: 0, items_forgotten_rev: 0 })
    .where('id', '=', userId)
    .execute();
  return { events: [] };
};
