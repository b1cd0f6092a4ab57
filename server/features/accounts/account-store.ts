/** Rows of people: accounts, names, identity statements. */
import type { Insertable, Selectable } from 'kysely';
import { AppError } from '../../app-error.ts';
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { UsersTable } from '../../database/tables.ts';
import type { Read, Unit } from '../feature-types.ts';
import { tombstone } from '../tombstone.ts';

export type UserRow = Selectable<UsersTable>;

const selectUser = compiledSelect<{ userId: number }>()((db, param) =>
  db.selectFrom('users').selectAll().where('id', '=', param('userId')),
);

export const findUser = async (db: Read, userId: number): Promise<UserRow | undefined> =>
  (await selectUser(db, { userId }))[0];

/** The row of somebody who is signed in; a session never outlives its account, so its absence is a refusal. */
export async function signedInUser(db: Read, userId: number): Promise<UserRow> {
  const user = await findUser(db, userId);
  if (user === undefined || user.state !== 'active') throw new AppError('NOT_SIGNED_IN');
  return user;
}

/** By canonical user name. Deleted accounts have none. */
export const findUserByName = (db: Read, username: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();

export const findUserByUid = (db: Read, uid: string): Promise<UserRow | undefined> =>
  db.selectFrom('users').selectAll().where('uid', '=', uid).executeTakeFirst();

/** True if the name belongs to somebody or did once: names are never given out again. */
export async function isNameTaken(db: Read, username: string, retiredDigest: string): Promise<boolean> {
  if ((await findUserByName(db, username)) !== undefined) return true;
  const retired = await db
    .selectFrom('retired_usernames')
    .select('digest')
    .where('digest', '=', retiredDigest)
    .executeTakeFirst();
  return retired !== undefined;
}

/** Accounts that are not deleted. */
export async function countAccounts(db: Read): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('state', '!=', 'deleted')
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Active owners beside this person. */
export async function countOtherOwners(db: Read, userId: number): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('role', '=', 'owner')
    .where('state', '=', 'active')
    .where('id', '!=', userId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function insertUser({ db }: Unit, user: Insertable<UsersTable>): Promise<number> {
  const row = await db.insertInto('users').values(user).returning('id').executeTakeFirstOrThrow();
  return row.id;
}

export type StatementOf = { userId: number; version: number; statement: string; signature: string };

export async function insertStatement({ db }: Unit, row: StatementOf, now: number): Promise<void> {
  await db
    .insertInto('identities')
    .values({
      user_id: row.userId,
      version: row.version,
      statement: row.statement,
      signature: row.signature,
      created_at: now,
    })
    .execute();
}

export const findStatement = (db: Read, userId: number, version: number) =>
  db
    .selectFrom('identities')
    .select(['statement', 'signature', 'created_at'])
    .where('user_id', '=', userId)
    .where('version', '=', version)
    .executeTakeFirst();

export type ProfileChange = Partial<
  Pick<UserRow, 'display_name' | 'department' | 'title' | 'status_text' | 'status_until'>
>;

export async function updateProfile(
  { db }: Unit,
  userId: number,
  change: ProfileChange & { directory_rev: number },
): Promise<void> {
  await db.updateTable('users').set(change).where('id', '=', userId).executeTakeFirstOrThrow();
}

export type AccountChange = Partial<Pick<UserRow, 'state' | 'is_pending' | 'state_since' | 'role'>>;

/** What administrators change about an account. */
export async function updateAccount(
  { db }: Unit,
  userId: number,
  change: AccountChange & { directory_rev: number },
): Promise<void> {
  await db.updateTable('users').set(change).where('id', '=', userId).executeTakeFirstOrThrow();
}

/** The rows of an account that never was in use: nothing else can name it. */
export async function deleteWaitingAccount({ db }: Unit, userId: number): Promise<void> {
  for (const table of ['vault_blobs', 'identities', 'returned_statements', 'user_items'] as const) {
    await db.deleteFrom(table).where('user_id', '=', userId).execute();
  }
  await db.deleteFrom('users').where('id', '=', userId).executeTakeFirstOrThrow();
}

/** The rooms whose members see this person. */
export async function roomUidsOf(db: Read, userId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .select('rooms.uid')
    .where('members.user_id', '=', userId)
    .execute();
  return rows.map((row) => row.uid);
}

/** Leaves of an account what records and conversations of other people refer to: its uid. */
export async function makeTombstone(
  { db }: Unit,
  user: UserRow,
  facts: { retiredDigest: string; directoryRev: number },
): Promise<void> {
  await db
    .updateTable('users')
    .set({ ...tombstone, directory_rev: facts.directoryRev })
    .where('id', '=', user.id)
    .execute();
  await db
    .insertInto('retired_usernames')
    .values({ digest: facts.retiredDigest })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
