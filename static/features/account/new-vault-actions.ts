/** Another tab of this browser changed the password or the sheet: this one goes on with the vault key that is kept now. */
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { KeyActionsDeps } from './key-actions.ts';
import { vaultRowOf } from './vault-row.ts';

export type NewVaultActions = {
  /** Takes the vault as it is now; without it this tab could not save what it pins, nor prove the new password. */
  takeNewVault: () => Promise<Result<void>>;
};

export function createNewVaultActions(deps: KeyActionsDeps): NewVaultActions {
  const { http, account, crypto, session } = deps;
  return {
    takeNewVault: async () => {
      const sealed = await session.keptVaultKey();
      const vault = await http('vault:get', {});
      if (!vault.ok) return vault;
      const signedIn = session.current();
      if (signedIn === null || sealed === null) return fail('NOT_SIGNED_IN');
      const present = { ...signedIn, vault: vault.value };
      const taken = await tryCrypto(() =>
        crypto.recovery('takeVaultKey', sealed, signedIn.deviceKey, vaultRowOf(present)),
      );
      if (!taken.ok) return taken;
      if (taken.value === null) {
        await deps.reload();
        return succeed(undefined);
      }
      const { isSheetConfirmed, keysChangedAt } = taken.value;
      session.adopt(present);
      account.patch({ isSheetUnconfirmed: !isSheetConfirmed, keysChangedAt });
      return succeed(undefined);
    },
  };
}
