/** The vault: sealed blobs of a person's keys and pins, replaced by compare-and-set. */
import { AppError } from '../../app-error.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { signedInUser } from './account-store.ts';
import { checkPassword } from './password-check.ts';
import type { PasswordCheckDeps } from './password-check.ts';
import { readVault } from './sign-in.ts';
import { insertBlob, insertBlobs, newestCounter, replaceWraps } from './vault-store.ts';

export type VaultDeps = PasswordCheckDeps & {
  database: FeatureDatabase;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
};

export type VaultRequestName = 'vault:get' | 'vault:put-pins' | 'vault:replace';

export function createVaultRequests(deps: VaultDeps): Pick<RequestHandlers, VaultRequestName> {
  const { database } = deps;
  return {
    'vault:get': async ({ caller }) =>
      readVault(database.read, await signedInUser(database.read, caller.userId)),

    'vault:put-pins': ({ caller, now }, { pins }) =>
      database.write(async (unit) => {
        const { userId, userUid } = caller;
        // the account may have been deleted since the session was looked up: nothing is kept for a tombstone
        await signedInUser(unit.db, userId);
        const stored = await newestCounter(unit.db, userId, 'pins');
        if (pins.counter !== stored + 1) throw new AppError('STALE_COUNTER', { field: 'pins' });
        await insertBlob(unit, { userId, label: 'pins' }, pins, now);
        const keysCounter = await newestCounter(unit.db, userId, 'keys');
        const updated = { keysCounter, pinsCounter: pins.counter };
        return { value: { counter: pins.counter }, events: [toUser(userUid, 'vault:updated', updated)] };
      }),

    async 'vault:replace'({ caller, address, now }, input) {
      const { userId, userUid } = caller;
      const asking = await signedInUser(database.read, userId);
      const { authKey } = input;
      await checkPassword(deps, asking, { username: asking.username ?? '', address, authKey });
      await database.write(async (unit) => {
        const user = await signedInUser(unit.db, userId);
        if (user.auth_hash !== asking.auth_hash) throw new AppError('WRONG_PASSWORD');
        await insertBlobs(unit, userId, input, now);
        await replaceWraps(unit, userId, {
          password_wrap: input.passwordWrap,
          recovery_wrap: input.recoveryWrap,
          recovery_auth_hash: sha256(input.recoveryAuth),
          keys_changed_at: now,
        });
        const entry = { at: now, actorUid: userUid, subject: userUid } as const;
        await deps.appendAudit(unit, { ...entry, action: 'vault-replaced' });
        const updated = { keysCounter: input.keys.counter, pinsCounter: input.pins.counter };
        return { value: undefined, events: [toUser(userUid, 'vault:updated', updated)] };
      });
      return { keysChangedAt: now };
    },
  };
}
