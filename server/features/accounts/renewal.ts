/** What every way back in has in common: new wraps and blobs in one unit, and no session that began before. */
import type { VaultPart } from '#contract/accounts.ts';
import type { KdfParameters } from '#contract/sealed.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { endSession } from '../../gateway/delivery.ts';
import type { Read, Unit } from '../feature-types.ts';
import type { UserRow } from './account-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { deleteOtherSessions } from './session-store.ts';
import { newestBlob } from './vault-store.ts';

/** The part of a request that replaces a vault. */
export type Renewal = {
  salt: string;
  kdf: KdfParameters;
  keys: VaultPart;
  pins: VaultPart;
  passwordWrap: string;
  recoveryWrap: string;
};

/** The columns that a renewed vault fills. */
export const renewedColumns = (input: Renewal, facts: { authHash: string; now: number }) => ({
  auth_hash: facts.authHash,
  salt: input.salt,
  kdf_memory_kib: input.kdf.memoryKiB,
  kdf_iterations: input.kdf.iterations,
  password_wrap: input.passwordWrap,
  recovery_wrap: input.recoveryWrap,
  keys_changed_at: facts.now,
});

/**
 * True if exactly this renewal is in force: its answer got lost and the client repeats it. The new password proves who asks,
 * after bytes that only the one who sent them the first time knows.
 */
export async function isRenewed(
  { database, hasher }: { database: { read: Read }; hasher: PasswordHasher },
  user: UserRow,
  input: Renewal,
  newAuthKey: string,
): Promise<boolean> {
  if (user.password_wrap !== input.passwordWrap || user.recovery_wrap !== input.recoveryWrap) return false;
  const stored = await newestBlob(database.read, user.id, 'keys');
  if (stored.counter !== input.keys.counter || stored.blob !== input.keys.blob) return false;
  return hasher.verify(newAuthKey, user.auth_hash);
}

/** Ends all sessions of a person but the one that is named. */
export async function endOtherSessions(
  unit: Unit,
  userId: number,
  exceptUid: string | null,
): Promise<Delivery[]> {
  const ended = await deleteOtherSessions(unit, userId, exceptUid);
  return ended.map((uid) => endSession(uid, 'keys-changed'));
}
