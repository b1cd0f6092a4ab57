/** After a restore: a browser gives back the vault it remembers (docs/e2e-protocol.md section 8). */
import type { VaultPart } from '#contract/accounts.ts';
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { takeOwnStatements } from './lost-resets.ts';
import { checkPassword } from './password-check.ts';
import { deleteResetCode, keepOldVault, updateKeys } from './recovery-store.ts';
import { endOtherSessions } from './renewal.ts';
import { readVault } from './sign-in.ts';
import type { VaultDeps } from './vault-requests.ts';
import { insertBlob, newestCounter, replaceWraps } from './vault-store.ts';

export type VaultRestoreDeps = VaultDeps & {
  /** Null on a server that never was: it has lost nothing. */
  restoredAt: number | null;
};

type Input = ValidInput<'vault:restore'>;

/** Higher than any day's work, and far from the end of the numbers, beyond which nothing could be saved any more. */
const counterStepMax = 100_000;

function refuseCounter(field: string, part: VaultPart, stored: number): void {
  const step = part.counter - stored;
  if (step < 1 || step > counterStepMax) throw new AppError('INVALID_INPUT', { field });
}

/** Another password, or an identity of the person's that the server lost; what is in force now is put aside for the latter. */
async function renew(
  deps: VaultRestoreDeps,
  unit: Unit,
  user: UserRow,
  input: Input,
  facts: { authHash: string | null; sessionUid: string; now: number },
): Promise<Delivery[]> {
  const { wraps, statements } = input.keys ?? {};
  const { authHash, now } = facts;
  const events: Delivery[] = [];
  if (statements !== undefined) {
    if (authHash === null) throw new AppError('INVALID_INPUT', { field: 'statements' });
    await keepOldVault(unit, user, now);
    events.push(...(await takeOwnStatements(unit, user, statements, { restoredAt: deps.restoredAt, now })));
  }
  const { password } = wraps ?? {};
  if (password === undefined || authHash === null) return events;
  const { salt, kdf } = password;
  const { memoryKiB: kdf_memory_kib, iterations: kdf_iterations } = kdf;
  await updateKeys(unit, user.id, { auth_hash: authHash, salt, kdf_memory_kib, kdf_iterations });
  // one that was made for the state before leads nowhere any more
  await deleteResetCode(unit, user.id);
  return [...events, ...(await endOtherSessions(unit, user.id, facts.sessionUid))];
}

async function storeParts(unit: Unit, user: UserRow, input: Input, now: number): Promise<void> {
  for (const label of ['keys', 'pins'] as const) {
    const stored = await newestCounter(unit.db, user.id, label);
    if (stored !== input.from[label]) throw new AppError('STALE_COUNTER', { field: label });
    const part = label === 'keys' ? input.keys?.part : input.pins;
    if (part === undefined) continue;
    refuseCounter(label, part, stored);
    await insertBlob(unit, { userId: user.id, label }, part, now);
  }
  const wraps = input.keys?.wraps;
  if (wraps === undefined) return;
  await replaceWraps(unit, user.id, {
    password_wrap: wraps.passwordWrap,
    recovery_wrap: wraps.recoveryWrap,
    recovery_auth_hash: sha256(wraps.recoveryAuth),
    keys_changed_at: now,
  });
}

async function restoreVault(deps: VaultRestoreDeps, context: SessionContext, input: Input) {
  const { caller, address, now } = context;
  if (deps.restoredAt === null) throw new AppError('FORBIDDEN');
  const asking = await signedInUser(deps.database.read, caller.userId);
  if (input.keys !== undefined) {
    const { authKey } = input.keys;
    await checkPassword(deps, asking, { username: asking.username ?? '', address, authKey });
  }
  const newAuthKey = input.keys?.wraps?.password?.authKey;
  const authHash = newAuthKey === undefined ? null : await deps.hasher.hash(newAuthKey);
  return deps.database.write(async (unit) => {
    const user = await signedInUser(unit.db, caller.userId);
    if (user.auth_hash !== asking.auth_hash) throw new AppError('WRONG_PASSWORD');
    // before the parts are stored: it puts the present ones aside
    const told = await renew(deps, unit, user, input, { authHash, sessionUid: caller.sessionUid, now });
    await storeParts(unit, user, input, now);
    const { userUid } = caller;
    const version = input.keys?.statements?.at(-1)?.version;
    await deps.appendAudit(unit, {
      at: now,
      actorUid: userUid,
      action: 'vault-given-back',
      subject: userUid,
      ...(version === undefined ? {} : { details: { version: String(version) } }),
    });
    const value = await readVault(unit.db, await signedInUser(unit.db, user.id));
    const updated = { keysCounter: value.keys.counter, pinsCounter: value.pins.counter };
    return { value, events: [...told, toUser(userUid, 'vault:updated', updated)] };
  });
}

export const createVaultRestoreRequests = (
  deps: VaultRestoreDeps,
): Pick<RequestHandlers, 'vault:restore' | 'restore:get'> => ({
  'restore:get': async () => ({ restoredAt: deps.restoredAt }),
  'vault:restore': (context, input) => restoreVault(deps, context, input),
});
