/**
 * Identities that a restore took away and that records still name. A member gives them back; they are kept apart from what
 * people publish themselves, by fingerprint, so that they prove old records and decide nothing about anybody's account. Whose
 * account is gone becomes what a deleted one leaves: a uid.
 */
import { limits } from '#contract/limits.ts';
import type { StatementRow } from '#contract/sealed.ts';
import { AppError } from '../../app-error.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Unit } from '../feature-types.ts';
import { fingerprint, isSafeX25519Key, isSignedBy, parseStatement } from '../identity-statement.ts';
import { tombstone } from '../tombstone.ts';
import { findNamedPeople, returnedStatementsOf, statementsOf } from './epoch-store.ts';
import { entryOf, spellEntry } from './record-rules.ts';

/** Throws IDENTITY_INVALID for a statement that is not its person's own, of that version. */
function refuseForeignStatement({ userUid, version, statement, signature }: StatementRow): void {
  const parts = parseStatement(statement);
  const isOwn = parts?.userUid === userUid && parts.version === version;
  if (!isOwn || !isSafeX25519Key(parts.x) || !isSignedBy(parts.ed, statement, signature)) {
    throw new AppError('IDENTITY_INVALID', { field: 'statements' });
  }
}

/** Keeps those statements that one of the entries in `named` is the name of and that the server does not have. */
export async function takeStatements(
  unit: Unit,
  statements: readonly StatementRow[],
  named: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const byEntry = new Map(statements.map((row) => [spellEntry(entryOf(row)), row]));
  const wanted = [...byEntry].filter(([entry]) => named.has(entry)).map(([, row]) => row);
  if (wanted.length === 0) return;
  const idByUid = await idsOf(unit, wanted);
  const ids = [...idByUid.values()];
  const known = [...(await statementsOf(unit.db, ids)), ...(await returnedStatementsOf(unit.db, ids))];
  const knownEntries = new Set(known.map((row) => spellEntry(entryOf(row))));
  for (const row of wanted) {
    if (knownEntries.has(spellEntry(entryOf(row)))) continue;
    refuseForeignStatement(row);
    const ofPerson = known.filter(({ userUid }) => userUid === row.userUid);
    if (ofPerson.length >= limits.statementsKeptOfPerson)
      throw new AppError('IDENTITY_INVALID', { field: 'statements' });
    known.push(row);
    await insertReturned(unit, idByUid.get(row.userUid), row, now);
  }
}

/** The people of these statements; those whom the server does not know are buried. */
async function idsOf(unit: Unit, rows: readonly StatementRow[]): Promise<Map<string, number>> {
  const uids = [...new Set(rows.map(({ userUid }) => userUid))];
  const people = await findNamedPeople(unit.db, uids);
  const idByUid = new Map(people.map(({ uid, id }) => [uid, id]));
  const vanished = uids.filter((uid) => !idByUid.has(uid));
  if (vanished.length === 0) return idByUid;
  const directoryRev = await raiseDirectoryRev(unit);
  for (const uid of vanished) {
    const versions = rows.filter(({ userUid }) => userUid === uid).map(({ version }) => version);
    const identity = { uid, identity_version: Math.max(...versions) };
    const { id } = await unit.db
      .insertInto('users')
      .values({ ...tombstone, ...identity, directory_rev: directoryRev })
      .returning('id')
      .executeTakeFirstOrThrow();
    idByUid.set(uid, id);
  }
  return idByUid;
}

async function insertReturned(
  { db }: Unit,
  userId: number | undefined,
  { version, statement, signature }: StatementRow,
  now: number,
): Promise<void> {
  if (userId === undefined) throw new Error('The person of a statement is missing.');
  const fp = fingerprint(statement);
  await db
    .insertInto('returned_statements')
    .values({ user_id: userId, version, fp, statement, signature, created_at: now })
    .execute();
}
