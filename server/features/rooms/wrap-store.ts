/** Wrapped keys beside those that an epoch was made with: who lacks them, who gave them, which did not open. */
import { limits } from '#contract/limits.ts';
import type { Read, Unit } from '../feature-types.ts';

/** Removes a person's wraps everywhere, and the person from those that they gave. */
export async function deleteWrapsOf({ db }: Unit, userId: number): Promise<void> {
  for (const table of ['wraps', 'wraps_put_aside'] as const) {
    await db.deleteFrom(table).where('user_id', '=', userId).execute();
    await db.updateTable(table).set({ giver_id: null }).where('giver_id', '=', userId).execute();
  }
}

type WrapSlot = { roomId: number; userId: number; epoch: number; version: number };

/** Whether somebody had a wrap of an epoch for any identity, opening or not. */
export async function hasHadWrap(
  db: Read,
  { roomId, userId, epoch }: Omit<WrapSlot, 'version'>,
): Promise<boolean> {
  for (const table of ['wraps', 'wraps_put_aside'] as const) {
    const row = await db
      .selectFrom(table)
      .select('version')
      .where('room_id', '=', roomId)
      .where('user_id', '=', userId)
      .where('epoch', '=', epoch)
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return true;
  }
  return false;
}

/** How often wraps for this slot were put aside; of one giver, or of all. */
async function timesPutAside(db: Read, slot: WrapSlot, giverId?: number): Promise<number> {
  let query = db
    .selectFrom('wraps_put_aside')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('room_id', '=', slot.roomId)
    .where('user_id', '=', slot.userId)
    .where('epoch', '=', slot.epoch)
    .where('version', '=', slot.version);
  if (giverId !== undefined) query = query.where('giver_id', '=', giverId);
  return (await query.executeTakeFirstOrThrow()).count;
}

/** Stores a wrap where there is none; false if there was one, which stays as it is, or if this giver's did not open before. */
export async function addWrap(
  unit: Unit,
  slot: WrapSlot & { wrap: string; giverId: number },
): Promise<boolean> {
  const { db } = unit;
  if ((await timesPutAside(db, slot, slot.giverId)) >= limits.badWrapsPerGiver) return false;
  const result = await db
    .insertInto('wraps')
    .values({
      room_id: slot.roomId,
      user_id: slot.userId,
      epoch: slot.epoch,
      version: slot.version,
      wrap: slot.wrap,
      giver_id: slot.giverId,
    })
    .onConflict((conflict) => conflict.columns(['room_id', 'user_id', 'epoch', 'version']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/**
 * Whether somebody could fill a slot again whose wrap by this giver is reported now: another active member who holds a key of
 * the epoch that they can open (for their newest identity, or for an older one that vouched for it) and was not wrong too often.
 */
async function canBeGivenAgain(
  db: Read,
  { roomId, userId, epoch, version }: WrapSlot,
  giverId: number,
): Promise<boolean> {
  const holder = await db
    .selectFrom('wraps')
    .innerJoin('users', 'users.id', 'wraps.user_id')
    .innerJoin('members', (join) =>
      join.onRef('members.room_id', '=', 'wraps.room_id').onRef('members.user_id', '=', 'wraps.user_id'),
    )
    .select('wraps.user_id')
    .where('wraps.room_id', '=', roomId)
    .where('wraps.epoch', '=', epoch)
    .where('wraps.user_id', '!=', userId)
    .where('users.state', '=', 'active')
    .where((q) =>
      q.or([
        q.eb('wraps.version', '=', q.ref('users.identity_version')),
        q.exists(
          q
            .selectFrom('successions')
            .select('successions.user_id')
            .whereRef('successions.user_id', '=', 'wraps.user_id')
            .whereRef('successions.from_version', '=', 'wraps.version')
            .whereRef('successions.to_version', '=', 'users.identity_version'),
        ),
      ]),
    )
    .where((q) => {
      const times = q
        .selectFrom('wraps_put_aside as bad')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('bad.room_id', '=', roomId)
        .where('bad.user_id', '=', userId)
        .where('bad.epoch', '=', epoch)
        .where('bad.version', '=', version)
        .whereRef('bad.giver_id', '=', 'wraps.user_id');
      // the one that is reported now is its giver's as well
      return q.or([
        q.and([q.eb('wraps.user_id', '!=', giverId), q.eb(times, '<', limits.badWrapsPerGiver)]),
        q.eb(times, '<', limits.badWrapsPerGiver - 1),
      ]);
    })
    .limit(1)
    .executeTakeFirst();
  return holder !== undefined;
}

/**
 * Makes room for another wrap where this one does not open for its person; it stays, to be tried again beside the others, since
 * a report may be wrong or come from somebody else with that person's session. False if there is none, if that happened too
 * often to go on asking, or if nobody could give another.
 */
export async function putAside(unit: Unit, slot: WrapSlot): Promise<boolean> {
  const { db } = unit;
  const found = await db
    .selectFrom('wraps')
    .innerJoin('epochs', (join) =>
      join.onRef('epochs.room_id', '=', 'wraps.room_id').onRef('epochs.epoch', '=', 'wraps.epoch'),
    )
    .select(['wraps.wrap', 'wraps.giver_id', 'epochs.creator_id'])
    .where('wraps.room_id', '=', slot.roomId)
    .where('wraps.user_id', '=', slot.userId)
    .where('wraps.epoch', '=', slot.epoch)
    .where('wraps.version', '=', slot.version)
    .executeTakeFirst();
  if (found === undefined) return false;
  const giverId = found.giver_id ?? found.creator_id;
  if ((await timesPutAside(db, slot)) >= limits.badWrapsMax) return false;
  if (!(await canBeGivenAgain(db, slot, giverId))) return false;
  const key = { room_id: slot.roomId, user_id: slot.userId, epoch: slot.epoch, version: slot.version };
  await db
    .insertInto('wraps_put_aside')
    .values({ ...key, giver_id: giverId, wrap: found.wrap })
    .execute();
  await db
    .deleteFrom('wraps')
    .where('room_id', '=', slot.roomId)
    .where('user_id', '=', slot.userId)
    .where('epoch', '=', slot.epoch)
    .where('version', '=', slot.version)
    .execute();
  return true;
}

/** The oldest and newest epoch of which this person has a wrap, of their rooms after one of them. */
export async function heldKeys(
  db: Read,
  userId: number,
  afterUid: string,
  limit: number,
): Promise<{ roomUid: string; oldest: number | null; newest: number | null }[]> {
  return db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .select((q) => [
      'rooms.uid as roomUid',
      q
        .selectFrom('wraps')
        .select((each) => each.fn.min<number | null>('wraps.epoch').as('epoch'))
        .whereRef('wraps.room_id', '=', 'rooms.id')
        .where('wraps.user_id', '=', userId)
        .as('oldest'),
      q
        .selectFrom('wraps')
        .select((each) => each.fn.max<number | null>('wraps.epoch').as('epoch'))
        .whereRef('wraps.room_id', '=', 'rooms.id')
        .where('wraps.user_id', '=', userId)
        .as('newest'),
    ])
    .where('members.user_id', '=', userId)
    .where('rooms.uid', '>', afterUid)
    .orderBy('rooms.uid')
    .limit(limit)
    .execute();
}
