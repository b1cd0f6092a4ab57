/** What the administrator's pages read of people. */
import { sql } from 'kysely';
import type { Role } from '#contract/accounts.ts';
import { AppError } from '../../app-error.ts';
import type { Read } from '../feature-types.ts';
import type { AdminActor } from './admin-access.ts';

/** The role of an active account; NOT_SIGNED_IN if there is none any more. */
export async function readRole(db: Read, userId: number): Promise<Role> {
  const row = await db
    .selectFrom('users')
    .select('role')
    .where('id', '=', userId)
    .where('state', '=', 'active')
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_SIGNED_IN');
  return row.role;
}

/**
 * The actor with the role of this moment. Asked inside the unit of whatever changes something: the role that let the request
 * in may be gone since, because the check of a password takes its time. Throws NOT_SIGNED_IN or FORBIDDEN.
 */
export async function presentActor(db: Read, actor: AdminActor): Promise<AdminActor> {
  if (actor.kind === 'host') return actor;
  const role = await readRole(db, actor.userId);
  if (role === 'member') throw new AppError('FORBIDDEN');
  return { ...actor, role };
}

/** Accounts in use. */
export async function countActive(db: Read): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow();
  return row.count;
}

/** The version of the database's own library, which is not the one that Node brings along. */
export async function readSqliteVersion(db: Read): Promise<string> {
  const row = await db.selectNoFrom(sql<string>`sqlite_version()`.as('version')).executeTakeFirstOrThrow();
  return row.version;
}

/** Owners and admins, by the number of their row. */
export async function administratorIds(db: Read): Promise<ReadonlySet<number>> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('role', '!=', 'member')
    .where('state', '=', 'active')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Owners and admins. */
export async function listAdminUids(db: Read): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('uid')
    .where('role', '!=', 'member')
    .where('state', '=', 'active')
    .execute();
  return rows.map(({ uid }) => uid);
}

/** These people by user name. */
export const listByUid = (db: Read, userUids: readonly string[]) =>
  db
    .selectFrom('users')
    .select(['uid', 'username', 'display_name', 'department', 'title', 'role'])
    .where('uid', 'in', userUids)
    .where('state', '=', 'active')
    .orderBy('username')
    .execute();
