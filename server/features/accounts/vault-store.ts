/** Rows of vaults: the newest blobs are current, older ones are kept for a while against a client's mistake. */
import type { VaultPart } from '#contract/accounts.ts';
import { AppError } from '../../app-error.ts';
import type { Read, Unit } from '../feature-types.ts';

type Label = 'keys' | 'pins';

/** How many versions of each blob stay (docs/e2e-protocol.md section 3). */
const keptVersions: Record<Label, number> = { keys: 10, pins: 2 };

export async function newestBlob(db: Read, userId: number, label: Label): Promise<VaultPart> {
  return db
    .selectFrom('vault_blobs')
    .select(['counter', 'blob'])
    .where('user_id', '=', userId)
    .where('label', '=', label)
    .orderBy('counter', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

/** The counter of the newest blob. */
export async function newestCounter(db: Read, userId: number, label: Label): Promise<number> {
  const row = await db
    .selectFrom('vault_blobs')
    .select((select) => select.fn.max('counter').as('counter'))
    .where('user_id', '=', userId)
    .where('label', '=', label)
    .executeTakeFirstOrThrow();
  return row.counter;
}

/** Adds a version and drops those that are too old to be kept. */
export async function insertBlob(
  { db }: Unit,
  owner: { userId: number; label: Label },
  part: VaultPart,
  now: number,
): Promise<void> {
  const { userId, label } = owner;
  await db
    .insertInto('vault_blobs')
    .values({ user_id: userId, label, counter: part.counter, blob: part.blob, created_at: now })
    .execute();
  await db
    .deleteFrom('vault_blobs')
    .where('user_id', '=', userId)
    .where('label', '=', label)
    .where('counter', '<=', part.counter - keptVersions[label])
    .execute();
}

/** Takes both blobs by compare-and-set; refuses STALE_COUNTER. */
export async function insertBlobs(
  unit: Unit,
  userId: number,
  parts: { keys: VaultPart; pins: VaultPart },
  now: number,
): Promise<void> {
  for (const label of ['keys', 'pins'] as const) {
    const stored = await newestCounter(unit.db, userId, label);
    if (parts[label].counter !== stored + 1) throw new AppError('STALE_COUNTER', { field: label });
    await insertBlob(unit, { userId, label }, parts[label], now);
  }
}

export async function replaceWraps(
  { db }: Unit,
  userId: number,
  wraps: {
    password_wrap: string;
    recovery_wrap: string;
    recovery_auth_hash: string;
    keys_changed_at: number;
  },
): Promise<void> {
  await db.updateTable('users').set(wraps).where('id', '=', userId).execute();
}

/** The vault with those that resets put aside. */
export async function deleteVault({ db }: Unit, userId: number): Promise<void> {
  for (const table of ['vault_blobs', 'old_vaults'] as const) {
    await db.deleteFrom(table).where('user_id', '=', userId).execute();
  }
}
