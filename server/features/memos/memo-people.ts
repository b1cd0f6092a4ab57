/** Whom a memo names: who they are, and whether their keys are the ones they published. */
import { AppError } from '../../app-error.ts';
import type { Read } from '../feature-types.ts';
import { fingerprint } from '../identity-statement.ts';
import { entryParts } from './memo-rules.ts';

type Named = { userId: number; userUid: string; key: string };

/**
 * The people behind entries, in their order. Refuses PERSON_UNKNOWN for anybody who does not exist, PERSON_DISABLED for one
 * whose account is not in use, IDENTITY_INVALID for a key that the person never published.
 */
export async function namedPeople(db: Read, entries: readonly string[]): Promise<Named[]> {
  const parts = entries.map(entryParts);
  const rows = await db
    .selectFrom('users')
    .leftJoin('identities', 'identities.user_id', 'users.id')
    .select(['users.id', 'users.uid', 'users.state', 'identities.version', 'identities.statement'])
    .where(
      'users.uid',
      'in',
      parts.map(({ userUid }) => userUid),
    )
    .execute();
  return parts.map(({ userUid, key }) => {
    const theirs = rows.filter((row) => row.uid === userUid);
    const [first] = theirs;
    if (first === undefined) throw new AppError('PERSON_UNKNOWN', { field: 'readers' });
    if (first.state !== 'active') throw new AppError('PERSON_DISABLED', { field: 'readers' });
    const isPublished = theirs.some(
      ({ version, statement }) =>
        statement !== null && `${String(version)}.${fingerprint(statement)}` === key,
    );
    if (!isPublished) throw new AppError('IDENTITY_INVALID', { field: 'readers' });
    return { userId: first.id, userUid, key };
  });
}
