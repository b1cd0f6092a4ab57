/**
 * Forgets what is long gone. An item that is taken away stays as an empty row, so that browsers that were away learn of it; of
 * each person only the newest of these rows are kept, and whoever knows less than they tell gets everything anew.
 */
import type { Clock, FeatureDatabase, Unit } from '../feature-types.ts';

export type ItemUpkeep = {
  /** Runs every hour once started. */
  forgetGone: () => Promise<void>;
  start: () => void;
  stop: () => void;
};

type Deps = {
  database: Pick<FeatureDatabase, 'write'>;
  clock: Clock;
  onBug: (error: unknown) => void;
  /** Of each person; a test takes fewer. */
  goneKept?: number;
};

const everyMs = 60 * 60_000;
/** More changes than somebody makes between two visits of a browser; one that was away longer reads the whole list. */
const usualGoneKept = 100;
/** People who are looked at in one unit. */
const sliceSize = 200;

export function createItemUpkeep({ database, clock, onBug, goneKept = usualGoneKept }: Deps): ItemUpkeep {
  let cancel: (() => void) | undefined;

  /** The people above an id; null after the last of them. */
  const forgetSlice = (above: number): Promise<number | null> =>
    database.write(async (unit) => {
      const last = await lastUserId(unit);
      const upTo = above + sliceSize;
      const people = await unit.db
        .selectFrom('user_items')
        .select('user_id')
        .where('value', 'is', null)
        .where('user_id', '>', above)
        .where('user_id', '<=', upTo)
        .groupBy('user_id')
        .having((group) => group.fn.countAll(), '>', goneKept)
        .execute();
      for (const { user_id: userId } of people) await forgetOf(unit, userId, goneKept);
      return { value: upTo < last ? upTo : null, events: [] };
    });

  async function forgetGone(): Promise<void> {
    let above: number | null = 0;
    while (above !== null) above = await forgetSlice(above);
  }

  function start(): void {
    cancel = clock.after(everyMs, () => {
      start();
      forgetGone().catch(onBug);
    });
  }

  return { forgetGone, start, stop: () => cancel?.() };
}

async function lastUserId({ db }: Unit): Promise<number> {
  const row = await db.selectFrom('users').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

/** All but the newest of one person's, and up to which revision that was. */
async function forgetOf({ db }: Unit, userId: number, goneKept: number): Promise<void> {
  const row = await db
    .selectFrom('user_items')
    .select('rev')
    .where('user_id', '=', userId)
    .where('value', 'is', null)
    .orderBy('rev', 'desc')
    .offset(goneKept)
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return;
  await db
    .deleteFrom('user_items')
    .where('user_id', '=', userId)
    .where('value', 'is', null)
    .where('rev', '<=', row.rev)
    .execute();
  await db.updateTable('users').set({ items_forgotten_rev: row.rev }).where('id', '=', userId).execute();
}
