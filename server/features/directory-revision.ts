/**
 * One counter for the whole directory instead of one per person who sees a change: changing a profile writes two rows,
 * however many colleagues there are (docs/decisions/0003-directory-revision.md).
 */
import { compiledSelect } from '../database/compiled-statement.ts';
import type { Read, Unit } from './feature-types.ts';

const name = 'directory_rev';

const selectValue = compiledSelect<{ name: string }>()((db, param) =>
  db.selectFrom('server_state').select('value').where('name', '=', param('name')),
);

/** The directory's revision; 0 while nobody has an account. */
export const directoryRev = async (db: Read): Promise<number> =>
  Number((await selectValue(db, { name }))[0]?.value ?? 0);

/** Raises the revision for a change of somebody's visible profile and returns the new one. */
export async function raiseDirectoryRev({ db }: Unit): Promise<number> {
  const value = String((await directoryRev(db)) + 1);
  await db
    .insertInto('server_state')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
  return Number(value);
}
