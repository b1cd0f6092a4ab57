/** A recovery sheet that was found after a reset: the old keys come back into the vault and vouch for the new ones. */
import type { MergedKeys } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { KeyActionsDeps } from './key-actions.ts';

export type OldSheetActions = {
  /** Which vaults were put aside, the newest first. */
  listOldVaults: () => Promise<Result<{ identityVersion: number; keptAt: number }[]>>;
  /** BAD_SHEET, RECOVERY_WRONG, LOCKED_OUT. Then the page starts anew and reads what it could not read. */
  mergeOldSheet: (sheet: string) => Promise<Result<void>>;
};

const maxRaces = 4;

export function createOldSheetActions(deps: KeyActionsDeps): OldSheetActions {
  const { http, crypto } = deps;
  /** Sent, and nobody knows whether it arrived. */
  let unknown: (MergedKeys & { recoveryAuth: string }) | null = null;

  const merge = async (recoveryAuth: string): Promise<Result<void>> => {
    if (unknown?.recoveryAuth === recoveryAuth) {
      const again = await http('identity:succeed', unknown);
      if (again.ok || again.isRetryable) return again.ok ? succeed(undefined) : again;
    }
    const opened = await http('vault:open-old', { recoveryAuth });
    if (!opened.ok) return opened;
    for (let race = 0; ; race += 1) {
      const merged = await tryCrypto(() => crypto.recovery('mergeOld', opened.value.oldVaults));
      if (!merged.ok) return merged.code === 'WRONG_KEY' ? fail('VAULT_TAMPERED') : merged;
      unknown = { ...merged.value, recoveryAuth };
      const stored = await http('identity:succeed', unknown);
      if (stored.ok) return succeed(undefined);
      // Somebody saved pins in between: merged with those, once more.
      if (stored.code !== 'STALE_COUNTER' || stored.field !== 'pins' || race === maxRaces) return stored;
      const vault = await http('vault:get', {});
      if (!vault.ok) return vault;
      const taken = await tryCrypto(() => crypto.mergePins(vault.value.pins));
      if (!taken.ok) return taken;
    }
  };

  return {
    listOldVaults: async () => {
      const listed = await http('vault:old', {});
      return listed.ok ? succeed(listed.value.oldVaults) : listed;
    },
    mergeOldSheet: async (sheet) => {
      const proof = await tryCrypto(() => crypto.recovery('readSheet', sheet));
      if (!proof.ok) return proof;
      const merged = await merge(proof.value);
      // The keys of a running session do not change: the page opens the vault again.
      if (merged.ok) await deps.reload();
      return merged;
    },
  };
}
