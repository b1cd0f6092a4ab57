/** After a restore: a browser gives back the vault it remembers (docs/e2e-protocol.md section 8). */
import type { VaultPart } from '#contract/accounts.ts';
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { checkPassword } from './password-check.ts';
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
  return deps.database.write(async (unit) => {
    const user = await signedInUser(unit.db, caller.userId);
    if (user.auth_hash !== asking.auth_hash) throw new AppError('WRONG_PASSWORD');
    await storeParts(unit, user, input, now);
    const { userUid } = caller;
    await deps.appendAudit(unit, {
      at: now,
      actorUid: userUid,
      action: 'vault-given-back',
      subject: userUid,
    });
    const value = await readVault(unit.db, await signedInUser(unit.db, user.id));
    const updated = { keysCounter: value.keys.counter, pinsCounter: value.pins.counter };
    return { value, events: [toUser(userUid, 'vault:updated', updated)] };
  });
}

export const createVaultRestoreRequests = (
  deps: VaultRestoreDeps,
): Pick<RequestHandlers, 'vault:restore' | 'restore:get'> => ({
  'restore:get': async () => ({ restoredAt: deps.restoredAt }),
  'vault:restore': (context, input) => restoreVault(deps, context, input),
});
