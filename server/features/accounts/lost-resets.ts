/**
 * Resets that a restore took away: colleagues may know a newer identity of somebody than the server does
 * (docs/e2e-protocol.md section 8).
 */
import { createHash } from 'node:crypto';
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom } from '../../gateway/delivery.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Read, Unit } from '../feature-types.ts';
import { isSafeX25519Key, isSignedBy, parseStatement } from '../identity-statement.ts';
import { toPerson } from '../person-row.ts';
import { findStatement, findUser, insertStatement, roomUidsOf } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { updateKeys } from './recovery-store.ts';

/** When and to what a server was restored. */
export type RestoredServer = { restoredAt: number | null; generation: string };

const highestVersion = 9_999;
/** More than anybody is reset between a backup and its restore; two restores leave out different numbers, most likely. */
const fewestLeftOut = 10;
const leftOutVariety = 30;

/** True if this person has not published an identity since the restore: a newer one may have been lost. */
export async function mayHaveLostIdentity(
  db: Read,
  user: Pick<UserRow, 'id' | 'identity_version'>,
  restoredAt: number | null,
): Promise<boolean> {
  if (restoredAt === null) return false;
  const published = await findStatement(db, user.id, user.identity_version);
  return published !== undefined && published.created_at < restoredAt;
}

/**
 * The version that a reset continues. The first one after a restore leaves some out, because colleagues may have pinned other
 * keys under them: one version with two keys would be a conflict for everybody.
 */
export async function versionBeforeReset(
  db: Read,
  user: Pick<UserRow, 'id' | 'identity_version'>,
  { restoredAt, generation }: RestoredServer,
): Promise<number> {
  if (!(await mayHaveLostIdentity(db, user, restoredAt))) return user.identity_version;
  const [byte = 0] = createHash('sha256').update(generation).digest();
  const leftOut = fewestLeftOut + (byte % leftOutVariety);
  return Math.min(user.identity_version + leftOut, Math.max(user.identity_version, highestVersion - 1));
}

type Statements = NonNullable<NonNullable<ValidInput<'vault:restore'>['keys']>['statements']>;

/**
 * The person's own newer versions come back, above the one that is known and never in the place of one. Refuses FORBIDDEN where
 * none can have been lost, and IDENTITY_INVALID.
 */
export async function takeOwnStatements(
  unit: Unit,
  user: UserRow,
  statements: Statements,
  { restoredAt, now }: { restoredAt: number | null; now: number },
): Promise<Delivery[]> {
  if (!(await mayHaveLostIdentity(unit.db, user, restoredAt))) throw new AppError('FORBIDDEN');
  let newest = user.identity_version;
  for (const { version, statement, signature } of statements) {
    const parts = parseStatement(statement);
    const isOwn = parts?.userUid === user.uid && parts.version === version && isSafeX25519Key(parts.x);
    const isAbove = version > newest && version <= user.identity_version + limits.statementsKeptOfPerson;
    if (!isOwn || !isAbove || !isSignedBy(parts.ed, statement, signature)) {
      throw new AppError('IDENTITY_INVALID', { field: 'statements' });
    }
    await insertStatement(unit, { userId: user.id, version, statement, signature }, now);
    newest = version;
  }
  const directoryRev = await raiseDirectoryRev(unit);
  await updateKeys(unit, user.id, { identity_version: newest, directory_rev: directoryRev });
  const changed = await findUser(unit.db, user.id);
  if (changed === undefined) throw new Error('A person is missing.');
  const person = toPerson(changed);
  const roomUids = await roomUidsOf(unit.db, user.id);
  return roomUids.map((roomUid) => toRoom(roomUid, 'person:updated', { person }));
}
