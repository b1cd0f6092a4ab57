/** Wrapped keys beside those that an epoch was made with: who lacks them, who gave them, which did not open. */
import { limits } from '#contract/limits.ts';
import type { Read, Unit } from '../feature-types.ts';

/** Removes a person's wraps everywhere, and the person from those that they gave. */
export async function deleteWrapsOf({ db }: Unit, userId: number): Promise<void> {
  await db.deleteFrom('wraps').where('user_id', '=', userId).execute();
  await db.deleteFrom('bad_wraps').where('user_id', '=', userId).execute();
  await db.deleteFrom('bad_wraps').where('giver_id', '=', userId).execute();
  await db.updateTable('wraps').set({ giver_id: null }).where('giver_id', '=', userId).execute();
}

type MissingQuery = {
  roomId: number;
  userId: number;
  /** From which epoch on newcomers may have keys; null where they see no history. */
  historyFrom: number | null;
  limit: number;
};

export type MissingKey = { userUid: string; version: number; epoch: number };

/**
 * Members without a wrap for their newest identity, of epochs that this person has a wrap of, the newest epochs first: whoever
 * had one before (for an older identity, or a bad one), and newcomers where they see the history. Left out: whose wraps by this
 * person did not open.
 */
export const missingWraps = (
  db: Read,
  { roomId, userId, historyFrom, limit }: MissingQuery,
): Promise<MissingKey[]> =>
  db
    .selectFrom('wraps as mine')
    .innerJoin('members', 'members.room_id', 'mine.room_id')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.uid as userUid', 'users.identity_version as version', 'mine.epoch'])
    .distinct()
    .where('mine.room_id', '=', roomId)
    .where('mine.user_id', '=', userId)
    .where('members.user_id', '!=', userId)
    .where('users.state', '=', 'active')
    .where('users.identity_version', '>', 0)
    .where((q) => {
      const had = q.exists(
        q
          .selectFrom('wraps as older')
          .select('older.version')
          .whereRef('older.room_id', '=', 'mine.room_id')
          .whereRef('older.epoch', '=', 'mine.epoch')
          .whereRef('older.user_id', '=', 'members.user_id'),
      );
      const hadBad = q.exists(
        q
          .selectFrom('bad_wraps as bad')
          .select('bad.version')
          .whereRef('bad.room_id', '=', 'mine.room_id')
          .whereRef('bad.epoch', '=', 'mine.epoch')
          .whereRef('bad.user_id', '=', 'members.user_id'),
      );
      return q.or([
        // the few who have a second identity, before their wraps are looked at one by one
        q.and([q.eb('users.identity_version', '>', 1), had]),
        hadBad,
        ...(historyFrom === null ? [] : [q.eb('mine.epoch', '>=', historyFrom)]),
      ]);
    })
    .where((q) =>
      q.not(
        q.exists(
          q
            .selectFrom('wraps as theirs')
            .select('theirs.version')
            .whereRef('theirs.room_id', '=', 'mine.room_id')
            .whereRef('theirs.epoch', '=', 'mine.epoch')
            .whereRef('theirs.user_id', '=', 'members.user_id')
            .whereRef('theirs.version', '=', 'users.identity_version'),
        ),
      ),
    )
    .where((q) =>
      q.not(
        q.exists(
          q
            .selectFrom('bad_wraps as mistaken')
            .select('mistaken.version')
            .whereRef('mistaken.room_id', '=', 'mine.room_id')
            .whereRef('mistaken.epoch', '=', 'mine.epoch')
            .whereRef('mistaken.user_id', '=', 'members.user_id')
            .whereRef('mistaken.version', '=', 'users.identity_version')
            .where('mistaken.giver_id', '=', userId)
            .where('mistaken.times', '>=', limits.badWrapsPerGiver),
        ),
      ),
    )
    .orderBy('mine.epoch', 'desc')
    .orderBy('users.uid')
    .limit(limit)
    .execute();

/** Rooms of this person after one of them, in which somebody else has a second identity or had a bad wrap. */
export const roomsToHeal = (db: Read, userId: number, afterUid: string, limit: number) =>
  db
    .selectFrom('members as mine')
    .innerJoin('rooms', 'rooms.id', 'mine.room_id')
    .select(['rooms.id', 'rooms.uid'])
    .where('mine.user_id', '=', userId)
    .where('rooms.uid', '>', afterUid)
    .where((q) =>
      q.or([
        q.exists(
          q
            .selectFrom('members as others')
            .innerJoin('users', 'users.id', 'others.user_id')
            .select('users.id')
            .whereRef('others.room_id', '=', 'rooms.id')
            .where('others.user_id', '!=', userId)
            .where('users.identity_version', '>', 1),
        ),
        q.exists(
          q
            .selectFrom('bad_wraps')
            .select('bad_wraps.version')
            .whereRef('bad_wraps.room_id', '=', 'rooms.id')
            .where('bad_wraps.user_id', '!=', userId),
        ),
      ]),
    )
    .orderBy('rooms.uid')
    .limit(limit)
    .execute();

type WrapSlot = { roomId: number; userId: number; epoch: number; version: number };

/** Whether somebody had a wrap of an epoch for any identity, opening or not. */
export async function hasHadWrap(
  db: Read,
  { roomId, userId, epoch }: Omit<WrapSlot, 'version'>,
): Promise<boolean> {
  for (const table of ['wraps', 'bad_wraps'] as const) {
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

/** How often wraps of this giver did not open. */
async function badTimes(db: Read, slot: WrapSlot, giverId: number): Promise<number> {
  const row = await db
    .selectFrom('bad_wraps')
    .select('times')
    .where('room_id', '=', slot.roomId)
    .where('user_id', '=', slot.userId)
    .where('epoch', '=', slot.epoch)
    .where('version', '=', slot.version)
    .where('giver_id', '=', giverId)
    .executeTakeFirst();
  return row?.times ?? 0;
}

/** Stores a wrap where there is none; false if there was one, which stays as it is, or if this giver's did not open before. */
export async function addWrap(
  unit: Unit,
  slot: WrapSlot & { wrap: string; giverId: number },
): Promise<boolean> {
  const { db } = unit;
  if ((await badTimes(db, slot, slot.giverId)) >= limits.badWrapsPerGiver) return false;
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
 * The other active members who hold a key of this epoch that they can open: for their newest identity, or for an older one that
 * vouched for it.
 */
async function otherHolders(db: Read, { roomId, userId, epoch }: WrapSlot): Promise<number[]> {
  const rows = await db
    .selectFrom('wraps')
    .innerJoin('users', 'users.id', 'wraps.user_id')
    .innerJoin('members', (join) =>
      join.onRef('members.room_id', '=', 'wraps.room_id').onRef('members.user_id', '=', 'wraps.user_id'),
    )
    .select('wraps.user_id')
    .distinct()
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
    .execute();
  return rows.map((row) => row.user_id);
}

/** Whether somebody could fill a slot again whose wrap by this giver is reported now. */
async function canBeGivenAgain(db: Read, slot: WrapSlot, giverId: number): Promise<boolean> {
  for (const holderId of await otherHolders(db, slot)) {
    const times = (await badTimes(db, slot, holderId)) + (holderId === giverId ? 1 : 0);
    if (times < limits.badWrapsPerGiver) return true;
  }
  return false;
}

/**
 * Takes a wrap out that its person cannot open, and remembers whose it was. False if there is none, if that happened too often
 * to go on asking, or if nobody could give another: a session alone must not be enough to destroy the last copy of a key.
 */
export async function putAside(unit: Unit, slot: WrapSlot): Promise<boolean> {
  const { db } = unit;
  const found = await db
    .selectFrom('wraps')
    .innerJoin('epochs', (join) =>
      join.onRef('epochs.room_id', '=', 'wraps.room_id').onRef('epochs.epoch', '=', 'wraps.epoch'),
    )
    .select(['wraps.giver_id', 'epochs.creator_id'])
    .where('wraps.room_id', '=', slot.roomId)
    .where('wraps.user_id', '=', slot.userId)
    .where('wraps.epoch', '=', slot.epoch)
    .where('wraps.version', '=', slot.version)
    .executeTakeFirst();
  if (found === undefined) return false;
  const { total } = await db
    .selectFrom('bad_wraps')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('times'), select.lit(0)).as('total'))
    .where('room_id', '=', slot.roomId)
    .where('user_id', '=', slot.userId)
    .where('epoch', '=', slot.epoch)
    .where('version', '=', slot.version)
    .executeTakeFirstOrThrow();
  const giverId = found.giver_id ?? found.creator_id;
  if (total >= limits.badWrapsMax || !(await canBeGivenAgain(db, slot, giverId))) return false;
  const row = {
    room_id: slot.roomId,
    user_id: slot.userId,
    epoch: slot.epoch,
    version: slot.version,
    giver_id: giverId,
  };
  await db
    .insertInto('bad_wraps')
    .values({ ...row, times: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['room_id', 'user_id', 'epoch', 'version', 'giver_id'])
        .doUpdateSet((update) => ({ times: update('bad_wraps.times', '+', 1) })),
    )
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
