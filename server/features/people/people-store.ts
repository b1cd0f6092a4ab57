/** Reading the directory and published identity statements. */
import { sql } from 'kysely';
import type { StatementRow } from '#contract/sealed.ts';
import type { Read } from '../feature-types.ts';
import { personColumns } from '../person-row.ts';
import type { PersonRow } from '../person-row.ts';
import { likePattern } from '../search-words.ts';

type Page = { words: readonly string[]; after: string; limit: number };

/** Active people in the order of their user names; every word must be part of a name, department or title. */
export function listPeople(db: Read, { words, after, limit }: Page): Promise<PersonRow[]> {
  let query = db
    .selectFrom('users')
    .select(personColumns)
    .where('state', '=', 'active')
    .where('username', '>', after)
    .orderBy('username')
    .limit(limit);
  for (const word of words) {
    const pattern = likePattern(word);
    query = query.where((where) =>
      where.or(
        (['username', 'display_name', 'department', 'title'] as const).map(
          (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '!'`,
        ),
      ),
    );
  }
  return query.execute();
}

export const findPeople = (db: Read, userUids: readonly string[]): Promise<PersonRow[]> =>
  db.selectFrom('users').select(personColumns).where('uid', 'in', userUids).orderBy('id').execute();

/** Published by the people themselves, or given back by a member after a restore. */
export async function listStatements(
  db: Read,
  table: 'identities' | 'returned_statements',
  userUids: readonly string[],
): Promise<StatementRow[]> {
  const rows = await db
    .selectFrom(table)
    .innerJoin('users', 'users.id', `${table}.user_id`)
    .select(['users.uid as userUid', `${table}.version`, `${table}.statement`, `${table}.signature`])
    .where('users.uid', 'in', userUids)
    .orderBy('users.id')
    .orderBy(`${table}.version`)
    .execute();
  return rows.map(({ userUid, version, statement, signature }) => ({
    userUid,
    version,
    statement,
    signature,
  }));
}
