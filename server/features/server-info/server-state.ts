/** Single values about this server that live in its database. */
import { directoryRev } from '../directory-revision.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';

export type SignUpPolicy = 'open' | 'approval' | 'invitation' | 'closed';

const policies: readonly SignUpPolicy[] = ['open', 'approval', 'invitation', 'closed'];

async function value(db: Read, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('server_state').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

/** Who may make an account after the first one. A value that this version does not know lets nobody in. */
export async function readSignUp(db: Read): Promise<SignUpPolicy> {
  const stored = await value(db, 'sign_up');
  if (stored === undefined) return 'open';
  return policies.find((policy) => policy === stored) ?? 'closed';
}

export const writeSignUp = (unit: Unit, policy: SignUpPolicy): Promise<void> =>
  setValue(unit, 'sign_up', policy);

async function setValue({ db }: Unit, name: string, stored: string): Promise<void> {
  await db
    .insertInto('server_state')
    .values({ name, value: stored })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: stored }))
    .execute();
}

/**
 * The generation of this database: made with it, and anew after every restore. Clients that cached rows of another one
 * drop them.
 */
export async function ensureGeneration(
  database: FeatureDatabase,
  randomBytes: (size: number) => Uint8Array,
): Promise<string> {
  const stored = await value(database.read, 'generation');
  if (stored !== undefined) return stored;
  return database.write(async (unit) => ({ value: await renewGeneration(unit, randomBytes), events: [] }));
}

/**
 * When this server began with another generation than the one its database had run with before, which only a restore
 * makes; null if that never happened. Call it at each start. A database with accounts that does not say what it ran with
 * is an older version's backup.
 */
export async function noteGeneration(
  database: FeatureDatabase,
  generation: string,
  now: number,
): Promise<number | null> {
  const ran = await value(database.read, 'generation_ran');
  if (ran !== generation) {
    const isNew = ran === undefined && (await directoryRev(database.read)) === 0;
    await database.write(async (unit) => {
      await setValue(unit, 'generation_ran', generation);
      if (!isNew) await setValue(unit, 'restored_at', String(now));
      return { value: undefined, events: [] };
    });
  }
  const restoredAt = await value(database.read, 'restored_at');
  return restoredAt === undefined ? null : Number(restoredAt);
}

/** After a restore: clients see another generation and drop their cache of rows. */
export async function renewGeneration(
  unit: Unit,
  randomBytes: (size: number) => Uint8Array,
): Promise<string> {
  const generation = Buffer.from(randomBytes(16)).toString('base64url');
  await setValue(unit, 'generation', generation);
  return generation;
}
