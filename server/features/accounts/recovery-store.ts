/** Rows of recovery: reset codes, vaults that were put aside, successions. */
import type { SuccessionRow } from '#contract/recovery.ts';
import type { ResetCodesTable, UsersTable } from '../../database/tables.ts';
import type { Insertable, Updateable } from 'kysely';
import type { Read, Unit } from '../feature-types.ts';
import type { UserRow } from './account-store.ts';
import { newestBlob } from './vault-store.ts';

/** What a renewed account has in its row: password, wraps, the sheet's proof, the identity's version. */
export async function updateKeys({ db }: Unit, userId: number, keys: Updateable<UsersTable>): Promise<void> {
  await db.updateTable('users').set(keys).where('id', '=', userId).executeTakeFirstOrThrow();
}

export const findResetCode = (db: Read, userId: number) =>
  db.selectFrom('reset_codes').selectAll().where('user_id', '=', userId).executeTakeFirst();

/** Voids the one before. */
export async function putResetCode({ db }: Unit, code: Insertable<ResetCodesTable>): Promise<void> {
  const { user_id: _userId, ...change } = code;
  await db
    .insertInto('reset_codes')
    .values(code)
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(change))
    .execute();
}

export async function deleteResetCode({ db }: Unit, userId: number): Promise<void> {
  await db.deleteFrom('reset_codes').where('user_id', '=', userId).execute();
}

/** The code of somebody whose place on the server changes, and all codes that they made: none was meant for what is so now. */
export async function voidCodesAround({ db }: Unit, userId: number): Promise<void> {
  await db
    .deleteFrom('reset_codes')
    .where((where) => where.or([where('user_id', '=', userId), where('maker_id', '=', userId)]))
    .execute();
}

/** After a restore no one-time code of the past lives again. */
export async function deleteAllResetCodes({ db }: Unit): Promise<void> {
  await db.deleteFrom('reset_codes').execute();
}

/** Puts the present vault aside before a reset replaces it. */
export async function keepOldVault({ db }: Unit, user: UserRow, now: number): Promise<void> {
  const { recovery_wrap: recoveryWrap, recovery_auth_hash: recoveryAuthHash } = user;
  if (recoveryWrap === null || recoveryAuthHash === null) throw new Error('An active account has no vault.');
  const keys = await newestBlob(db, user.id, 'keys');
  const pins = await newestBlob(db, user.id, 'pins');
  await db
    .insertInto('old_vaults')
    .values({
      user_id: user.id,
      identity_version: user.identity_version,
      keys_counter: keys.counter,
      keys_blob: keys.blob,
      pins_counter: pins.counter,
      pins_blob: pins.blob,
      recovery_wrap: recoveryWrap,
      recovery_auth_hash: recoveryAuthHash,
      kept_at: now,
    })
    .execute();
}

/** The newest first. */
export const listOldVaults = (db: Read, userId: number) =>
  db.selectFrom('old_vaults').selectAll().where('user_id', '=', userId).orderBy('id', 'desc').execute();

/** Their keys are in the present vault now. */
export async function deleteOldVaults({ db }: Unit, userId: number, recoveryAuthHash: string): Promise<void> {
  await db
    .deleteFrom('old_vaults')
    .where('user_id', '=', userId)
    .where('recovery_auth_hash', '=', recoveryAuthHash)
    .execute();
}

/** A pair that is known stays as it is. */
export async function insertSuccession(
  { db }: Unit,
  userId: number,
  row: Omit<SuccessionRow, 'userUid'>,
  now: number,
): Promise<void> {
  await db
    .insertInto('successions')
    .values({
      user_id: userId,
      from_version: row.fromVersion,
      to_version: row.toVersion,
      signature: row.signature,
      made_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listSuccessions(db: Read, userUids: readonly string[]): Promise<SuccessionRow[]> {
  const rows = await db
    .selectFrom('successions')
    .innerJoin('users', 'users.id', 'successions.user_id')
    .select(['users.uid', 'successions.from_version', 'successions.to_version', 'successions.signature'])
    .where('users.uid', 'in', userUids)
    .orderBy('users.uid')
    .orderBy('successions.from_version')
    .orderBy('successions.to_version')
    .execute();
  return rows.map((row) => ({
    userUid: row.uid,
    fromVersion: row.from_version,
    toVersion: row.to_version,
    signature: row.signature,
  }));
}

/**
 * Of this person's rooms: all, and those in which somebody else who is active has a wrap of the newest epoch, so that they
 * can give the keys on.
 */
export async function countRooms(db: Read, userId: number): Promise<{ all: number; healable: number }> {
  const all = db
    .selectFrom('members')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('members.user_id', '=', userId);
  const { count } = await all.executeTakeFirstOrThrow();
  const healable = await all
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .where((where) =>
      where.exists(
        where
          .selectFrom('members as others')
          .innerJoin('users', 'users.id', 'others.user_id')
          .innerJoin('wraps', (join) =>
            join.onRef('wraps.room_id', '=', 'others.room_id').onRef('wraps.user_id', '=', 'others.user_id'),
          )
          .select('others.user_id')
          .whereRef('others.room_id', '=', 'rooms.id')
          .where('others.user_id', '!=', userId)
          .where('users.state', '=', 'active')
          .whereRef('wraps.epoch', '=', 'rooms.epoch'),
      ),
    )
    .executeTakeFirstOrThrow();
  return { all: count, healable: healable.count };
}
