import { CryptoError } from './crypto-error.ts';
import {
  context,
  decodeBase64,
  decodeBase64Exact,
  decodeJsonObject,
  encodeBase64,
  encodeJson,
  isObject,
  isWholeNumber,
} from './encoding.ts';
import { type IdentityKeys, isIdentityVersion } from './identity.ts';
import { deriveKey } from './key-derivation.ts';
import { type EphemeralPair, unwrapKey, wrapKeyTo } from './key-wrap.ts';
import type { Sealer } from './seal.ts';

/** The vault: two sealed blobs and the wraps of the key that opens them (docs/e2e-protocol.md section 3). */

export type VaultLabel = 'keys' | 'pins';

/** What the `keys` blob holds. `unknown`: fields of a newer client, kept when the blob is written again. */
export type VaultKeys = {
  identities: IdentityKeys[];
  localRoot: Uint8Array;
  recoveryKey: Uint8Array;
  /** Two groups of the present sheet were typed back: a lasting warning says so until then, in every browser. */
  isSheetConfirmed: boolean;
  changedAt: number;
  unknown: Record<string, unknown>;
};

/** A blob in base64url, sealed under this label, owner and counter. */
export function sealVaultBlob(
  sealer: Sealer,
  vaultKey: Uint8Array,
  name: { label: VaultLabel; userUid: string; counter: number },
  json: unknown,
): string {
  const key = deriveKey(vaultKey, name.label);
  const plain = encodeJson(json);
  const sealed = encodeBase64(sealer.seal(key, blobContext(name), plain));
  key.fill(0);
  plain.fill(0);
  return sealed;
}

/** The JSON object in a blob; VAULT_TAMPERED for another owner, label or counter, or changed bytes. */
export function openVaultBlob(
  sealer: Sealer,
  vaultKey: Uint8Array,
  name: { label: VaultLabel; userUid: string; counter: number },
  blob: string,
): Record<string, unknown> {
  const key = deriveKey(vaultKey, name.label);
  const sealed = decodeBase64(blob);
  const plain = sealed === null ? null : sealer.open(key, blobContext(name), sealed);
  key.fill(0);
  const json = plain === null ? null : decodeJsonObject(plain);
  plain?.fill(0);
  if (json === null) throw new CryptoError('VAULT_TAMPERED');
  return json;
}

const blobContext = (name: { label: VaultLabel; userUid: string; counter: number }): string =>
  context('vault', name.label, name.userUid, name.counter);

/** The JSON of the `keys` blob. */
export const vaultKeysToJson = (keys: VaultKeys): Record<string, unknown> => ({
  ...keys.unknown,
  identities: keys.identities.map(({ version, x25519, ed25519 }) => ({
    version,
    x25519: encodeBase64(x25519),
    ed25519: encodeBase64(ed25519),
  })),
  localRoot: encodeBase64(keys.localRoot),
  recovery: encodeBase64(keys.recoveryKey),
  sheetConfirmed: keys.isSheetConfirmed,
  changedAt: keys.changedAt,
});

/** Reads the JSON of the `keys` blob; VAULT_TAMPERED where it is not what vaultKeysToJson writes. */
export function parseVaultKeys(json: Record<string, unknown>): VaultKeys {
  const { identities, localRoot, recovery, sheetConfirmed, changedAt, ...unknown } = json;
  const root = decodeBase64Exact(localRoot, 64);
  const recoveryKey = decodeBase64Exact(recovery, 32);
  const list = Array.isArray(identities) ? identities.map(parseIdentityKeys) : [];
  const isComplete = list.length > 0 && isWholeNumber(changedAt);
  if (!isComplete || root === null || recoveryKey === null) throw new CryptoError('VAULT_TAMPERED');
  // An older client wrote no such field; what was never said was not done.
  const isSheetConfirmed = sheetConfirmed === true;
  return { identities: list, localRoot: root, recoveryKey, isSheetConfirmed, changedAt, unknown };
}

function parseIdentityKeys(value: unknown): IdentityKeys {
  const fields = isObject(value) ? value : {};
  const { version } = fields;
  const x25519 = decodeBase64Exact(fields['x25519'], 32);
  const ed25519 = decodeBase64Exact(fields['ed25519'], 32);
  if (!isIdentityVersion(version) || x25519 === null || ed25519 === null) {
    throw new CryptoError('VAULT_TAMPERED');
  }
  return { version, x25519, ed25519 };
}

/** The vault key under the password's wrap key: 128 bytes, in base64url. */
export const wrapVaultKeyByPassword = (
  sealer: Sealer,
  wrapKey: Uint8Array,
  userUid: string,
  vaultKey: Uint8Array,
): string => encodeBase64(sealer.seal(wrapKey, passwordContext(userUid), vaultKey));

/** The vault key, or null for another password or person. */
export function unwrapVaultKeyByPassword(
  sealer: Sealer,
  wrapKey: Uint8Array,
  userUid: string,
  wrap: string,
): Uint8Array | null {
  const sealed = decodeBase64Exact(wrap, 128);
  const key = sealed === null ? null : sealer.open(wrapKey, passwordContext(userUid), sealed);
  return key !== null && key.length === 64 ? key : null;
}

/**
 * The vault key wrapped to the recovery public key, in base64url. That key must come from the `keys` blob (or a
 * sheet made just now), never from the server, which could otherwise put its own in place.
 */
export function wrapVaultKeyForRecovery(
  sealer: Sealer,
  ephemeral: EphemeralPair,
  owner: { userUid: string; recoveryKey: Uint8Array },
  vaultKey: Uint8Array,
): string {
  const ctx = recoveryContext(owner);
  const wrap = wrapKeyTo(sealer, ephemeral, owner.recoveryKey, ctx, vaultKey);
  if (wrap === null) throw new CryptoError('BAD_INPUT');
  return encodeBase64(wrap);
}

/** The vault key by a sheet's key pair, or null. */
export function unwrapVaultKeyByRecovery(
  sealer: Sealer,
  recoveryPrivateKey: Uint8Array,
  owner: { userUid: string; recoveryKey: Uint8Array },
  wrap: string,
): Uint8Array | null {
  const bytes = decodeBase64(wrap);
  return bytes === null ? null : unwrapKey(sealer, recoveryPrivateKey, recoveryContext(owner), bytes);
}

const passwordContext = (userUid: string): string => context('vault-key', 'password', userUid);
const recoveryContext = (owner: { userUid: string; recoveryKey: Uint8Array }): string =>
  context('vault-key', 'recovery', owner.userUid, encodeBase64(owner.recoveryKey));
