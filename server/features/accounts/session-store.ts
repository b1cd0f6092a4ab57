/** Rows of sessions. The token itself is nowhere: only its SHA-256 is kept. */
import type { Selectable } from 'kysely';
import type { SessionsTable } from '../../database/tables.ts';
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Read, Unit } from '../feature-types.ts';

export type SessionDetails = Selectable<SessionsTable>;

const selectLive = compiledSelect<{ tokenHash: string }>()((db, param) =>
  db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.uid as sessionUid',
      'sessions.created_at',
      'sessions.last_used_at',
      'users.id as userId',
      'users.uid as userUid',
      'users.role',
    ])
    .where('sessions.token_hash', '=', param('tokenHash'))
    .where('users.state', '=', 'active'),
);

/** The session with this token and the active account it belongs to. */
export const findSession = async (db: Read, tokenHash: string) => (await selectLive(db, { tokenHash }))[0];

/** The session with this token and how its account stands, in use or not. */
export const findWaitingSession = (db: Read, tokenHash: string) =>
  db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'sessions.uid',
      'sessions.created_at',
      'sessions.last_used_at',
      'users.state',
      'users.is_pending',
    ])
    .where('sessions.token_hash', '=', tokenHash)
    .executeTakeFirst();

export async function insertSession({ db }: Unit, row: Omit<SessionDetails, 'id'>): Promise<void> {
  await db.insertInto('sessions').values(row).execute();
}

export const listSessions = (db: Read, userId: number): Promise<SessionDetails[]> =>
  db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute();

/** Removes the session with this token, whoever it belongs to; gives its uid if there was one. */
export async function deleteSessionByToken({ db }: Unit, tokenHash: string): Promise<string | null> {
  const row = await db
    .deleteFrom('sessions')
    .where('token_hash', '=', tokenHash)
    .returning('uid')
    .executeTakeFirst();
  return row?.uid ?? null;
}

/** Removes one session of one person; false if there is none. */
export async function deleteSession({ db }: Unit, userId: number, sessionUid: string): Promise<boolean> {
  const result = await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('uid', '=', sessionUid)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Removes all sessions of a person and gives their uids. */
export async function deleteSessionsOf({ db }: Unit, userId: number): Promise<string[]> {
  const rows = await db.deleteFrom('sessions').where('user_id', '=', userId).returning('uid').execute();
  return rows.map((row) => row.uid);
}

/** Removes all sessions of a person but one and gives their uids. */
export async function deleteOtherSessions(
  { db }: Unit,
  userId: number,
  exceptUid: string | null,
): Promise<string[]> {
  const rows = await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('uid', '!=', exceptUid ?? '')
    .returning('uid')
    .execute();
  return rows.map((row) => row.uid);
}

/** Removes every session: after a restore nobody is signed in. */
export async function deleteAllSessions({ db }: Unit): Promise<void> {
  await db.deleteFrom('sessions').execute();
}

/** Removes the sessions that are over and gives their uids. */
export async function deleteExpiredSessions(
  { db }: Unit,
  before: { lastUsedAt: number; createdAt: number },
): Promise<string[]> {
  const rows = await db
    .deleteFrom('sessions')
    .where((where) =>
      where.or([where('last_used_at', '<=', before.lastUsedAt), where('created_at', '<=', before.createdAt)]),
    )
    .returning('uid')
    .execute();
  return rows.map((row) => row.uid);
}

export async function updateLastUsed({ db }: Unit, sessionUid: string, lastUsedAt: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_used_at: lastUsedAt })
    .where('uid', '=', sessionUid)
    .where('last_used_at', '<', lastUsedAt)
    .execute();
}
