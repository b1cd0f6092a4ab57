import { type AccountKeysDeps, openVault, sealKeysBlob } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { isSameBytes } from './encoding.ts';
import type { CryptoEngineDeps, VaultReturn, VaultRow } from './engine-types.ts';
import { makeStatement } from './identity.ts';
import { createLocalSeal } from './local-seal.ts';
import { loadLocalPins } from './pin-sync.ts';
import { mergePins, parsePins, pinsToJson } from './pins.ts';
import { wipeVault } from './open-vault.ts';
import type { OpenVault } from './session.ts';
import {
  openVaultBlob,
  parseVaultKeys,
  sealVaultBlob,
  unwrapVaultKeyByPassword,
  type VaultKeys,
} from './vault.ts';
import { loadVaultCopy, type VaultCopy } from './vault-copy.ts';
import type { VaultMemory } from './watermark-store.ts';

/** What a browser gives back to a restored server of its person's vault (docs/e2e-protocol.md section 8). */

type Deps = AccountKeysDeps & Pick<CryptoEngineDeps, 'storage' | 'deviceId' | 'fetchStatements'>;
type Choice = { vaultKey: Uint8Array; keys: VaultKeys; wraps: VaultCopy | null };

/**
 * A server may be behind this browser only under a generation that it has never shown before. Under a known one an older
 * vault is the attack that counters are there for.
 */
export const isRestoreClaimed = (row: VaultRow, memory: VaultMemory): boolean =>
  row.generation !== null && memory.generations.length > 0 && !memory.generations.includes(row.generation);

/**
 * Opens the server's vault with the password and makes the newer one of what this browser kept. The private keys must make
 * the published statement; pins are the union of both. Refuses VAULT_OLDER, WRONG_KEY and what openVault refuses.
 */
export async function makeVaultReturn(
  deps: Deps,
  row: VaultRow,
  wrapKey: Uint8Array,
  memory: VaultMemory,
): Promise<VaultReturn> {
  if (!isRestoreClaimed(row, memory)) throw new CryptoError('VAULT_OLDER');
  const { userUid } = row;
  const vaultKey = unwrapVaultKeyByPassword(deps.sealer, wrapKey, userUid, row.vault.passwordWrap);
  if (vaultKey === null) throw new CryptoError('WRONG_KEY');
  const opened = await openVault(deps, row, vaultKey, { keys: 0, pins: 0 }).catch((error: unknown) => {
    vaultKey.fill(0);
    throw error;
  });
  const localSeal = createLocalSeal(deps.sealer, { userUid, deviceId: deps.deviceId }, opened.keys.localRoot);
  const pins = parsePins(opened.pinsJson);
  const local = await loadLocalPins(deps.storage, localSeal, userUid);
  if (local !== null) mergePins(pins, { ...local, unknown: {} });
  const copy = await loadVaultCopy(deps.storage, userUid, localSeal);
  localSeal.lock();
  const isKeysBehind = memory.keys > opened.counters.keys;
  const choice =
    (isKeysBehind && openCopy(deps, opened, wrapKey, copy)) || withoutSheet(opened, isKeysBehind);
  const counters = {
    keys: Math.max(memory.keys, opened.counters.keys) + 1,
    pins: Math.max(memory.pins, opened.counters.pins) + 1,
  };
  const name = { label: 'pins' as const, userUid, counter: counters.pins }; // a literal, not a string
  const result: VaultReturn = {
    from: { keys: opened.counters.keys, pins: opened.counters.pins },
    pins: {
      counter: counters.pins,
      blob: sealVaultBlob(deps.sealer, choice.vaultKey, name, pinsToJson(pins)),
    },
    keys: isKeysBehind ? keysOf(deps, userUid, choice, counters) : null,
  };
  wipeVault(choice);
  wipeVault(opened);
  return result;
}

function keysOf(
  { sealer }: Deps,
  userUid: string,
  { vaultKey, keys, wraps }: Choice,
  counters: OpenVault['counters'],
): VaultReturn['keys'] {
  const part = sealKeysBlob(sealer, { userUid, vaultKey, keys, counters });
  if (wraps === null || wraps.recoveryAuth === null) return { part };
  const { passwordWrap, recoveryWrap, recoveryAuth } = wraps;
  return { part, wraps: { passwordWrap, recoveryWrap, recoveryAuth } };
}

/** The server's keys stay. If they are the older ones, the sheet in the drawer is void: a warning asks for a new one. */
const withoutSheet = ({ vaultKey, keys }: OpenVault, isSheetVoid: boolean): Choice => ({
  vaultKey,
  keys: { ...keys, isSheetConfirmed: keys.isSheetConfirmed && !isSheetVoid },
  wraps: null,
});

/** This browser's newer copy, if it opens, is of the same person and can be put in force. */
function openCopy(
  { sealer }: Deps,
  opened: OpenVault,
  wrapKey: Uint8Array,
  copy: VaultCopy | null,
): Choice | null {
  const { userUid } = opened;
  if (copy === null || copy.keys.counter <= opened.counters.keys) return null;
  const isSameKey = copy.passwordWrap === opened.passwordWrap;
  if (!isSameKey && copy.recoveryAuth === null) return null;
  const vaultKey = unwrapVaultKeyByPassword(sealer, wrapKey, userUid, copy.passwordWrap);
  if (vaultKey === null) return null;
  const name = { label: 'keys' as const, userUid, counter: copy.keys.counter }; // a literal, not a string
  try {
    const keys = parseVaultKeys(openVaultBlob(sealer, vaultKey, name, copy.keys.blob));
    const isSamePerson =
      newestStatement(userUid, keys) === newestStatement(userUid, opened.keys) &&
      isSameBytes(keys.localRoot, opened.keys.localRoot);
    return isSamePerson ? { vaultKey, keys, wraps: isSameKey ? null : copy } : null;
  } catch {
    // A damaged copy is none; the server's vault is there.
    return null;
  }
}

const newestStatement = (userUid: string, { identities }: VaultKeys): string =>
  identities
    .map((keys) => makeStatement(userUid, keys).statement)
    .sort()
    .join();
