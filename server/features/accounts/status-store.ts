/** Statuses that end by themselves. */
import type { Read } from '../feature-types.ts';
import type { UserRow } from './account-store.ts';

/** People whose status has ended by `now`, the longest due first. */
export const peopleWithEndedStatus = (db: Read, now: number, limit: number): Promise<UserRow[]> =>
  db
    .selectFrom('users')
    .selectAll()
    .where('status_until', '<=', now)
    .orderBy('status_until')
    .limit(limit)
    .execute();

/** When the next status ends; null if none does. */
export async function firstStatusEnd(db: Read): Promise<number | null> {
  const row = await db
    .selectFrom('users')
    .select('status_until')
    .where('status_until', 'is not', null)
    .orderBy('status_until')
    .limit(1)
    .executeTakeFirst();
  return row?.status_until ?? null;
}
