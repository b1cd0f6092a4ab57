import { openVault, sealKeysBlob } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { decodeBase64Exact, encodeBase64, isSameBytes } from './encoding.ts';
import type { VaultRow } from './engine-types.ts';
import { makeStatement } from './identity.ts';
import { derivePasswordKeys } from './key-derivation.ts';
import { createLocalSeal } from './local-seal.ts';
import { wipeVault } from './open-vault.ts';
import { loadLocalPins } from './pin-sync.ts';
import { mergePins, parsePins, type Pins, pinsToJson } from './pins.ts';
import type { RecoveryDeps } from './recovery-desk.ts';
import type { NewerPassword, VaultReturn } from './recovery-types.ts';
import type { OpenVault } from './session.ts';
import {
  openVaultBlob,
  parseVaultKeys,
  sealVaultBlob,
  unwrapVaultKeyByPassword,
  type VaultKeys,
} from './vault.ts';
import { loadSheetProof, loadVaultCopy, type VaultCopy } from './vault-copy.ts';
import { createWatermarkStore, type VaultMemory } from './watermark-store.ts';

/** What a browser gives back to a restored server of its person's vault (docs/e2e-protocol.md section 8). */

const noneRemembered = { keys: 0, pins: 0, version: 0 };

type Choice = { vaultKey: Uint8Array; keys: VaultKeys; given: Omit<GivenKeys, 'part'> };
type GivenKeys = NonNullable<VaultReturn['keys']>;

/** The wrap key of a newer password, if one was needed: the vault opens with it once the server took the return. */
export type MadeReturn = { request: VaultReturn; newerWrapKey: Uint8Array | null };

/**
 * A server may be behind this browser only under a generation that it has never shown before. Under a known one an older
 * vault is the attack that counters are there for.
 */
const isRestoreClaimed = (row: VaultRow, memory: VaultMemory): boolean =>
  row.generation !== null && memory.generations.length > 0 && !memory.generations.includes(row.generation);

/**
 * Opens the server's vault with the password and makes the newer one of what this browser kept. The private keys must make
 * the published statement; pins are the union of both. Refuses VAULT_OLDER, WRONG_KEY and what openVault refuses; NEWER_KEYS
 * where this browser keeps keys of a reset that the server lost, which open with the password of that time only.
 */
export async function makeVaultReturn(
  deps: RecoveryDeps,
  row: VaultRow,
  wrapKey: Uint8Array,
  newer: string | null,
): Promise<MadeReturn> {
  const { userUid } = row;
  const memory = await createWatermarkStore(deps.storage, userUid).loadCounters();
  if (!isRestoreClaimed(row, memory)) throw new CryptoError('VAULT_OLDER');
  const vaultKey = unwrapVaultKeyByPassword(deps.sealer, wrapKey, userUid, row.vault.passwordWrap);
  if (vaultKey === null) throw new CryptoError('WRONG_KEY');
  const opened = await openVault(deps, row, vaultKey, noneRemembered).catch((error: unknown) => {
    vaultKey.fill(0);
    throw error;
  });
  const isKeysBehind = memory.keys > opened.counters.keys || memory.version > row.identityVersion;
  const copy = isKeysBehind ? await loadVaultCopy(deps.storage, userUid) : null;
  const password = await openPassword(deps, { row, copy, wrapKey, newer }).catch((error: unknown) => {
    wipeVault(opened);
    throw error;
  });
  const chosen = copy === null ? null : await openCopy(deps, opened, copy, password);
  const choice = chosen ?? withoutSheet(opened, isKeysBehind);
  const pins = await unionOfPins(deps, opened, choice.keys);
  const counters = {
    keys: Math.max(memory.keys, opened.counters.keys) + 1,
    pins: Math.max(memory.pins, opened.counters.pins) + 1,
  };
  const name = { label: 'pins' as const, userUid, counter: counters.pins }; // a literal, not a string
  const blob = sealVaultBlob(deps.sealer, choice.vaultKey, name, pinsToJson(pins));
  const part = sealKeysBlob(deps.sealer, { userUid, ...choice, counters });
  const request: VaultReturn = {
    from: { keys: opened.counters.keys, pins: opened.counters.pins },
    pins: { counter: counters.pins, blob },
    keys: isKeysBehind ? { part, ...choice.given } : null,
    identityVersion: choice.given.statements?.at(-1)?.version ?? row.identityVersion,
  };
  wipeVault(choice);
  wipeVault(opened);
  return { request, newerWrapKey: chosen === null ? null : (password.newer?.wrapKey ?? null) };
}

type OpenPassword = { wrapKey: Uint8Array; newer: (NewerPassword & { wrapKey: Uint8Array }) | null };

/** The wrap key that opens the copy, as far as it can be had. */
async function openPassword(
  { sealer, argon2 }: RecoveryDeps,
  given: { row: VaultRow; copy: VaultCopy | null; wrapKey: Uint8Array; newer: string | null },
): Promise<OpenPassword> {
  const { row, copy, wrapKey, newer } = given;
  const opens = (key: Uint8Array): boolean => {
    const found = unwrapVaultKeyByPassword(sealer, key, row.userUid, copy?.passwordWrap ?? '');
    found?.fill(0);
    return found !== null;
  };
  const stretch = copy?.stretch ?? null;
  if (copy === null || stretch === null || opens(wrapKey)) return { wrapKey, newer: null };
  if (newer === null) {
    if (copy.identityVersion > row.identityVersion) throw new CryptoError('NEWER_KEYS');
    return { wrapKey, newer: null };
  }
  const salt = decodeBase64Exact(stretch.salt, 16);
  const keys = await derivePasswordKeys(argon2, newer, salt, stretch.kdf);
  const authKey = encodeBase64(keys.authKey);
  keys.authKey.fill(0);
  if (!opens(keys.wrapKey)) throw new CryptoError('WRONG_KEY');
  return { wrapKey, newer: { ...stretch, authKey, wrapKey: keys.wrapKey } };
}

/** What this browser and the server's vault pinned; browsers of one person share what is sealed under `localRoot`. */
async function unionOfPins(deps: RecoveryDeps, opened: OpenVault, keys: VaultKeys): Promise<Pins> {
  const { userUid } = opened;
  const localSeal = createLocalSeal(deps.sealer, { userUid, deviceId: deps.deviceId }, keys.localRoot);
  const pins = parsePins(opened.pinsJson);
  const local = await loadLocalPins(deps.storage, localSeal, userUid);
  if (local !== null) mergePins(pins, { ...local, unknown: {} });
  localSeal.lock();
  return pins;
}

/** The server's keys stay. If they are the older ones, the sheet in the drawer is void: a warning asks for a new one. */
const withoutSheet = ({ vaultKey, keys }: OpenVault, isSheetVoid: boolean): Choice => ({
  vaultKey,
  keys: { ...keys, isSheetConfirmed: keys.isSheetConfirmed && !isSheetVoid },
  given: {},
});

/** This browser's newer copy, if it opens, is of the same person and can be put in force. */
async function openCopy(
  deps: RecoveryDeps,
  opened: OpenVault,
  copy: VaultCopy,
  password: OpenPassword,
): Promise<Choice | null> {
  const { userUid } = opened;
  const key = password.newer?.wrapKey ?? password.wrapKey;
  const vaultKey = unwrapVaultKeyByPassword(deps.sealer, key, userUid, copy.passwordWrap);
  if (vaultKey === null) return null;
  const keys = readKeys(deps, userUid, vaultKey, copy);
  const statements = keys === null ? null : laterStatements(userUid, keys, opened.keys);
  if (keys === null || statements === null) return null;
  if (copy.passwordWrap === opened.passwordWrap)
    return { vaultKey, keys: withOlder(keys, opened.keys), given: {} };
  const localSeal = createLocalSeal(deps.sealer, { userUid, deviceId: deps.deviceId }, keys.localRoot);
  const known = loadSheetProof(copy, userUid, localSeal);
  localSeal.lock();
  // Under the password that the server knows, its own sheet is worth more than none.
  if (known === null && password.newer === null) return null;
  const isSheetConfirmed = keys.isSheetConfirmed && known !== null;
  const { passwordWrap, recoveryWrap } = copy;
  const recoveryAuth = known ?? encodeBase64(deps.random(32));
  const { salt, kdf, authKey } = password.newer ?? {};
  const isNewer = salt !== undefined && kdf !== undefined && authKey !== undefined;
  return {
    vaultKey,
    keys: { ...withOlder(keys, opened.keys), isSheetConfirmed },
    given: {
      wraps: {
        passwordWrap,
        recoveryWrap,
        recoveryAuth,
        ...(isNewer ? { password: { salt, kdf, authKey } } : {}),
      },
      ...(statements.length === 0 ? {} : { statements }),
    },
  };
}

function readKeys(
  { sealer }: RecoveryDeps,
  userUid: string,
  vaultKey: Uint8Array,
  { keys: { counter, blob } }: VaultCopy,
): VaultKeys | null {
  try {
    return parseVaultKeys(openVaultBlob(sealer, vaultKey, { label: 'keys', userUid, counter }, blob));
  } catch {
    // A damaged copy is none; the server's vault is there.
    return null;
  }
}

/**
 * The statements of the copy's versions above the server's newest. None where both have the same newest keys; null where the
 * copy is older, or has other keys for one version: then it is not what the server lost.
 */
function laterStatements(
  userUid: string,
  copy: VaultKeys,
  opened: VaultKeys,
): { version: number; statement: string; signature: string }[] | null {
  const newest = Math.max(...opened.identities.map(({ version }) => version));
  const textOf = (keys: VaultKeys): string | undefined =>
    keys.identities.flatMap((one) =>
      one.version === newest ? [makeStatement(userUid, one).statement] : [],
    )[0];
  const later = copy.identities.filter(({ version }) => version > newest);
  if (later.length > 0) {
    return later
      .map((keys) => makeStatement(userUid, keys))
      .map(({ version, statement, signature }) => ({ version, statement, signature }))
      .sort((left, right) => left.version - right.version);
  }
  const isSame = textOf(copy) === textOf(opened) && isSameBytes(copy.localRoot, opened.localRoot);
  return isSame ? [] : null;
}

/** With the identities that only the server's vault holds: they read what was sealed for them. */
function withOlder(keys: VaultKeys, opened: VaultKeys): VaultKeys {
  const held = new Set(keys.identities.map(({ version }) => version));
  const older = opened.identities.filter(({ version }) => !held.has(version));
  const identities = [...keys.identities, ...older].sort((left, right) => left.version - right.version);
  return { ...keys, identities };
}
