import { isPresentPassword, sealParts } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { decodeBase64Exact, encodeBase64 } from './encoding.ts';
import type { CurrentPassword } from './engine-types.ts';
import { derivePasswordKeys } from './key-derivation.ts';
import { createEphemeralPair } from './key-wrap.ts';
import type { RecoveryDeps } from './recovery-desk.ts';
import type { PasswordChange } from './recovery-types.ts';
import type { KdfParameters } from '#contract/sealed.ts';
import type { OpenVault } from './session.ts';
import { wrapVaultKeyByPassword, wrapVaultKeyForRecovery } from './vault.ts';
import { loadSheetProof, loadVaultCopy } from './vault-copy.ts';

type NewKeys = { wrapKey: Uint8Array; proof: string; salt: string; kdf: KdfParameters };

/**
 * The same keys under a new vault key and another password. The sheet stays: R is taken from the keys blob. Refuses WRONG_KEY
 * at once for another password than the present one, so that nobody at an open screen chooses a new one.
 */
export async function makePasswordChange(
  deps: RecoveryDeps,
  current: CurrentPassword,
  deriveNew: () => Promise<NewKeys>,
): Promise<{ request: PasswordChange; vault: OpenVault }> {
  const salt = decodeBase64Exact(current.salt, 16);
  const present = await derivePasswordKeys(deps.argon2, current.password, salt, current.kdf);
  const authKey = encodeBase64(present.authKey);
  const isRight = isPresentPassword(deps.sealer, deps.session().vault(), present.wrapKey);
  present.authKey.fill(0);
  present.wrapKey.fill(0);
  if (!isRight) throw new CryptoError('WRONG_KEY');
  const { proof: newAuthKey, wrapKey, ...kept } = await deriveNew();
  // Asked for again: pins may have come in while the passwords were hashed.
  const session = deps.session();
  const sealed = sealAnew(deps, session.vault(), wrapKey);
  wrapKey.fill(0);
  const vault = { ...sealed.vault, stretch: kept, recoveryAuth: await sheetProof(deps, session.vault()) };
  return { request: { ...sealed.request, ...kept, authKey, newAuthKey }, vault };
}

function sealAnew({ sealer, random, now }: RecoveryDeps, before: OpenVault, wrapKey: Uint8Array) {
  const { userUid, pinsJson } = before;
  const vaultKey = random(64);
  const keys = { ...before.keys, changedAt: now() };
  const counters = { keys: before.counters.keys + 1, pins: before.counters.pins + 1 };
  const ephemeral = createEphemeralPair(random(32));
  const owner = { userUid, recoveryKey: keys.recoveryKey };
  const request = {
    ...sealParts(sealer, { userUid, vaultKey, keys, counters, pinsJson }),
    passwordWrap: wrapVaultKeyByPassword(sealer, wrapKey, userUid, vaultKey),
    recoveryWrap: wrapVaultKeyForRecovery(sealer, ephemeral, owner, vaultKey),
  };
  ephemeral.privateKey.fill(0);
  const { passwordWrap, recoveryWrap } = request;
  const kept = { passwordWrap, recoveryWrap, keysBlob: request.keys.blob };
  const vault: OpenVault = { ...before, vaultKey, keys, counters, ...kept };
  return { request, vault };
}

/** The browser that made the sheet keeps its proof for a server that is restored; the sheet is the same, its wrap is not. */
async function sheetProof(deps: RecoveryDeps, before: OpenVault): Promise<string | null> {
  if (before.recoveryAuth !== null) return before.recoveryAuth;
  const copy = await loadVaultCopy(deps.storage, before.userUid);
  if (copy?.recoveryWrap !== before.recoveryWrap) return null;
  return loadSheetProof(copy, before.userUid, deps.session().localSeal);
}
