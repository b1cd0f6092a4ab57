/** Rows of answered writes, kept for a day so that a repeat gets the first answer. The gateway seals what is in them. */
import type { IdempotencyStore } from '../../gateway/idempotency.ts';
import type { CleanUpUser, Clock, FeatureDatabase, Unit } from '../feature-types.ts';

const keptMs = 24 * 60 * 60_000;
const cleanUpEveryMs = 60 * 60_000;
/** Removed in one unit: the rest waits for the next one. */
const sliceSize = 500;

export type IdempotencyRows = IdempotencyStore & {
  /** Removes what is older than a day. Runs every hour once started. */
  removeOld: () => Promise<void>;
  start: () => void;
  stop: () => void;
};

type Deps = { database: FeatureDatabase; clock: Clock; onBug: (error: unknown) => void };

export function createIdempotencyStore({ database, clock, onBug }: Deps): IdempotencyRows {
  let cancel: (() => void) | undefined;

  /** True if there may be more. */
  const removeSlice = (before: number): Promise<boolean> =>
    database.write(async ({ db }) => {
      const old = await db
        .selectFrom('idempotency_keys')
        .select(['owner', 'key'])
        .where('created_at', '<=', before)
        .limit(sliceSize)
        .execute();
      for (const { owner, key } of old) {
        await db.deleteFrom('idempotency_keys').where('owner', '=', owner).where('key', '=', key).execute();
      }
      return { value: old.length === sliceSize, events: [] };
    });

  async function removeOld(): Promise<void> {
    const before = clock.now() - keptMs;
    while (await removeSlice(before));
  }

  function start(): void {
    cancel = clock.after(cleanUpEveryMs, () => {
      start();
      removeOld().catch(onBug);
    });
  }

  return {
    removeOld,
    start,
    stop: () => cancel?.(),
    async find(owner, key, now) {
      const row = await database.read
        .selectFrom('idempotency_keys')
        .select(['request_digest', 'answer'])
        .where('owner', '=', owner)
        .where('key', '=', key)
        .where('created_at', '>', now - keptMs)
        .executeTakeFirst();
      return row === undefined ? null : { requestDigest: row.request_digest, answer: row.answer };
    },
    async save({ owner, key, requestDigest, answer, now }) {
      const row = { request_digest: requestDigest, answer, created_at: now };
      await database.write(async ({ db }) => {
        // the request may have been the one that deleted the account: nothing of its owner may stay
        if (await isOwnerGone(db, owner)) return { value: undefined, events: [] };
        await db
          .insertInto('idempotency_keys')
          .values({ owner, key, ...row })
          // a row of this key is older than a day, else it would have been found
          .onConflict((conflict) => conflict.columns(['owner', 'key']).doUpdateSet(row))
          .execute();
        return { value: undefined, events: [] };
      });
    },
  };
}

async function isOwnerGone(db: Unit['db'], owner: string): Promise<boolean> {
  const user = await db.selectFrom('users').select('state').where('uid', '=', owner).executeTakeFirst();
  return user?.state === 'deleted';
}

/** Removes every answer: after a restore none of them belongs to anybody any more. */
export async function deleteAllAnswers({ db }: Unit): Promise<void> {
  await db.deleteFrom('idempotency_keys').execute();
}

/** A deleted person's answers go at once. */
export const cleanUpIdempotency: CleanUpUser = async ({ db }, { userUid }) => {
  await db.deleteFrom('idempotency_keys').where('owner', '=', userUid).execute();
  return { events: [] };
};
