import { openVault } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { openVaultKeyForDevice } from './device-unlock.ts';
import type { Unlocked, VaultRow } from './engine-types.ts';
import { wipeVault } from './open-vault.ts';
import type { RecoveryDeps } from './recovery-desk.ts';
import { createWatermarkStore } from './watermark-store.ts';

/**
 * The vault key that another page of this browser made, taken into the running session; the vault is checked as at a start of
 * the page. Null where it holds identities that this session does not know: what it would seal later would lack them.
 */
export async function takeVaultKey(
  deps: RecoveryDeps,
  { sealed, deviceKey }: { sealed: string; deviceKey: string },
  row: VaultRow,
): Promise<Unlocked | null> {
  const session = deps.session();
  const { userUid } = session;
  const owner = { userUid, deviceId: deps.deviceId };
  const vaultKey = openVaultKeyForDevice(deps.sealer, deviceKey, owner, sealed);
  if (vaultKey === null) throw new CryptoError('WRONG_KEY');
  let isTaken = false;
  try {
    const remembered = await createWatermarkStore(deps.storage, userUid).loadCounters();
    const opened = await openVault(deps, row, vaultKey, remembered);
    const { recoveryKey, isSheetConfirmed, changedAt, identities } = opened.keys;
    // Only the vault key is new here: the other keys are those that the session has.
    wipeVault({ ...opened, vaultKey: new Uint8Array(0) });
    if (deps.session() !== session) throw new CryptoError('LOCKED');
    const present = session.vault();
    if (identities.length !== present.keys.identities.length) return null;
    isTaken = true;
    const keys = { ...present.keys, recoveryKey, isSheetConfirmed, changedAt };
    await session.adopt({ ...opened, keys });
    await session.mergePins(row.vault.pins);
    return session.unlocked();
  } finally {
    if (!isTaken) vaultKey.fill(0);
  }
}
