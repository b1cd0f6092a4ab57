/** Rows of invitations. The code itself is nowhere: only a digest under the server's secret is kept. */
import type { Invitation } from '#contract/admin-people.ts';
import type { Read, Unit } from '../feature-types.ts';

const select = (db: Read) =>
  db
    .selectFrom('invitations')
    .leftJoin('users', 'users.id', 'invitations.maker_id')
    .select([
      'invitations.uid',
      'invitations.note',
      'invitations.uses_max',
      'invitations.uses',
      'invitations.created_at',
      'invitations.ends_at',
      'invitations.revoked_at',
      'users.display_name as maker',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function stateOf(row: Row, now: number): Invitation['state'] {
  if (row.revoked_at !== null) return 'revoked';
  if (row.uses >= row.uses_max) return 'used';
  return row.ends_at <= now ? 'ended' : 'open';
}

const toInvitation = (row: Row, now: number): Invitation => ({
  invitationUid: row.uid,
  note: row.note,
  usesMax: row.uses_max,
  uses: row.uses,
  createdAt: row.created_at,
  endsAt: row.ends_at,
  state: stateOf(row, now),
  madeBy: row.maker ?? '',
});

/** The newest first. */
export async function listInvitations(db: Read, now: number): Promise<Invitation[]> {
  const rows = await select(db).orderBy('invitations.id', 'desc').execute();
  return rows.map((row) => toInvitation(row, now));
}

export async function findInvitation(db: Read, uid: string, now: number): Promise<Invitation | undefined> {
  const row = await select(db).where('invitations.uid', '=', uid).executeTakeFirst();
  return row === undefined ? undefined : toInvitation(row, now);
}

/** Removes all but the newest ones that count no more, so that the list stays one that can be read. */
export async function forgetOldInvitations({ db }: Unit, now: number, kept: number): Promise<void> {
  const over = db
    .selectFrom('invitations')
    .select('id')
    .where((where) =>
      where.or([
        where('revoked_at', 'is not', null),
        where('ends_at', '<=', now),
        where('uses', '>=', where.ref('uses_max')),
      ]),
    )
    .orderBy('id', 'desc');
  // an offset without a limit is not the same in every dialect
  const first = await over.limit(1).offset(kept).executeTakeFirst();
  if (first === undefined) return;
  await db.deleteFrom('invitations').where('id', 'in', over).where('id', '<=', first.id).execute();
}

export async function insertInvitation(
  { db }: Unit,
  row: {
    uid: string;
    code_hash: string;
    note: string;
    uses_max: number;
    created_at: number;
    ends_at: number;
    maker_id: number | null;
  },
): Promise<void> {
  await db
    .insertInto('invitations')
    .values({ ...row, revoked_at: null })
    .execute();
}

/** The uid of the invitation with this digest, if it still lets somebody in. */
export async function openInvitation(db: Read, codeHash: string, now: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('invitations')
    .select(['uid', 'uses', 'uses_max'])
    .where('code_hash', '=', codeHash)
    .where('revoked_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst();
  return row !== undefined && row.uses < row.uses_max ? row.uid : undefined;
}

export async function countUse({ db }: Unit, uid: string): Promise<void> {
  await db
    .updateTable('invitations')
    .set((set) => ({ uses: set('uses', '+', 1) }))
    .where('uid', '=', uid)
    .execute();
}

/** False if it counted no more anyway. */
export async function revokeInvitation({ db }: Unit, uid: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('invitations')
    .set({ revoked_at: now })
    .where('uid', '=', uid)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Takes back what this person made: whoever may invite nobody any more lets nobody in by older invitations either. */
export async function revokeInvitationsBy({ db }: Unit, makerId: number, now: number): Promise<void> {
  await db
    .updateTable('invitations')
    .set({ revoked_at: now })
    .where('maker_id', '=', makerId)
    .where('revoked_at', 'is', null)
    .execute();
}

/** Removes every invitation: after a restore one that was used up since would count again. */
export async function deleteAllInvitations({ db }: Unit): Promise<void> {
  await db.deleteFrom('invitations').execute();
}
