/**
 * People whose accounts a restore took away and whom records still name. They become what a deleted account leaves: a uid
 * and the public statement that the records' signatures are checked with.
 */
import type { StatementRow } from '#contract/sealed.ts';
import { AppError } from '../../app-error.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Unit } from '../feature-types.ts';
import { isSafeX25519Key, isSignedBy, parseStatement } from '../identity-statement.ts';
import { tombstone } from '../tombstone.ts';
import { findNamedPeople } from './epoch-store.ts';

/** Throws IDENTITY_INVALID for a statement that is not its person's own first one. */
function refuseForeignStatement({ userUid, version, statement, signature }: StatementRow): void {
  const parts = parseStatement(statement);
  const isOwnFirst = parts?.userUid === userUid && parts.version === 1 && version === 1;
  if (!isOwnFirst || !isSafeX25519Key(parts.x) || !isSignedBy(parts.ed, statement, signature)) {
    throw new AppError('IDENTITY_INVALID', { field: 'vanished' });
  }
}

/** Buries those of `named` whom the server does not know and a statement is there for. */
export async function buryVanished(
  unit: Unit,
  statements: readonly StatementRow[],
  named: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const byUid = new Map(statements.map((row) => [row.userUid, row]));
  const wanted = [...byUid.values()].filter(({ userUid }) => named.has(userUid));
  if (wanted.length === 0) return;
  const known = await findNamedPeople(
    unit.db,
    wanted.map(({ userUid }) => userUid),
  );
  const knownUids = new Set(known.map(({ uid }) => uid));
  const vanished = wanted.filter(({ userUid }) => !knownUids.has(userUid));
  if (vanished.length === 0) return;
  const directoryRev = await raiseDirectoryRev(unit);
  for (const row of vanished) {
    refuseForeignStatement(row);
    await insertTombstone(unit, row, { directoryRev, now });
  }
}

async function insertTombstone(
  { db }: Unit,
  { userUid, version, statement, signature }: StatementRow,
  { directoryRev, now }: { directoryRev: number; now: number },
): Promise<void> {
  const { id } = await db
    .insertInto('users')
    .values({ ...tombstone, uid: userUid, identity_version: version, directory_rev: directoryRev })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('identities')
    .values({ user_id: id, version, statement, signature, created_at: now })
    .execute();
}
