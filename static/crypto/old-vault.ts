import type { OldVault } from '#contract/recovery.ts';
import { sealParts } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { context, encodeBase64, encodeUtf8 } from './encoding.ts';
import { fingerprintOf, type IdentityKeys, makeStatement } from './identity.ts';
import { mergePins, parsePins, pinsToJson } from './pins.ts';
import { ed25519Sign } from './primitives.ts';
import type { RecoveryDeps } from './recovery-desk.ts';
import type { RecoveryKeys } from './recovery-sheet.ts';
import type { MergedKeys } from './recovery-types.ts';
import type { OpenVault } from './session.ts';
import { openVaultBlob, parseVaultKeys, unwrapVaultKeyByRecovery, type VaultKeys } from './vault.ts';

type Opened = { keys: VaultKeys; pinsJson: Record<string, unknown> };

/**
 * The present vault with the identities and pins of old ones, under the same vault key. Every identity that comes in signs
 * that the present version is the same person. Refuses WRONG_KEY where nothing opens or nothing new is in it.
 */
export function mergeOldVaults(
  { sealer, now }: Pick<RecoveryDeps, 'sealer' | 'now'>,
  present: OpenVault,
  sheet: RecoveryKeys,
  rows: readonly OldVault[],
): MergedKeys {
  const { userUid } = present;
  const identities = [...present.keys.identities];
  const newest = identities.reduce((last, keys) => (keys.version > last.version ? keys : last));
  const pins = parsePins(present.pinsJson);
  const found: IdentityKeys[] = [];
  for (const row of rows) {
    const opened = openOld(sealer, userUid, sheet, row);
    if (opened === null) continue;
    // What was pinned then counts on; fields of a newer client are those of the present vault.
    mergePins(pins, { ...parsePins(opened.pinsJson), unknown: {} });
    for (const keys of opened.keys.identities) {
      if (keys.version < newest.version && !identities.some(({ version }) => version === keys.version)) {
        identities.push(keys);
        found.push(keys);
      }
    }
  }
  if (found.length === 0) throw new CryptoError('WRONG_KEY');
  identities.sort((left, right) => left.version - right.version);
  const keys = { ...present.keys, identities, changedAt: now() };
  const counters = { keys: present.counters.keys + 1, pins: present.counters.pins + 1 };
  const { vaultKey } = present;
  const parts = sealParts(sealer, { userUid, vaultKey, keys, counters, pinsJson: pinsToJson(pins) });
  const successions = found.map((old) => ({
    fromVersion: old.version,
    signature: signSuccession(userUid, old, newest),
  }));
  for (const old of found) wipeIdentity(old);
  return { ...parts, successions };
}

/** `Ed25519(old, context("succession", userUid, oldVersion, oldFp, newVersion, newFp))`, in base64url. */
function signSuccession(userUid: string, old: IdentityKeys, newest: IdentityKeys): string {
  const fp = (keys: IdentityKeys): string => fingerprintOf(makeStatement(userUid, keys).statement);
  const text = context('succession', userUid, old.version, fp(old), newest.version, fp(newest));
  return encodeBase64(ed25519Sign(old.ed25519, encodeUtf8(text)));
}

function openOld(
  sealer: RecoveryDeps['sealer'],
  userUid: string,
  sheet: RecoveryKeys,
  row: OldVault,
): Opened | null {
  const owner = { userUid, recoveryKey: sheet.publicKey };
  const vaultKey = unwrapVaultKeyByRecovery(sealer, sheet.privateKey, owner, row.recoveryWrap);
  if (vaultKey === null) return null;
  const nameOf = (label: 'keys' | 'pins', counter: number) => ({ label, userUid, counter });
  try {
    const keys = parseVaultKeys(
      openVaultBlob(sealer, vaultKey, nameOf('keys', row.keys.counter), row.keys.blob),
    );
    const pinsJson = openVaultBlob(sealer, vaultKey, nameOf('pins', row.pins.counter), row.pins.blob);
    return { keys, pinsJson };
  } catch {
    // One that is damaged is no reason to leave the others.
    return null;
  } finally {
    vaultKey.fill(0);
  }
}

function wipeIdentity({ x25519, ed25519 }: IdentityKeys): void {
  x25519.fill(0);
  ed25519.fill(0);
}
