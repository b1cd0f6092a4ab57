import { context, decodeBase64, decodeBase64Exact, encodeBase64 } from './encoding.ts';
import type { Sealer } from './seal.ts';

/**
 * Staying signed in (docs/e2e-protocol.md section 3): the vault key sealed for one browser under 64 bytes that the
 * server computes for a live session only and never stores.
 */

/** The sealed vault key in base64url, bound to this person and browser; null if `deviceKey` is not 64 bytes. */
export function sealVaultKeyForDevice(
  sealer: Sealer,
  deviceKey: string,
  owner: { userUid: string; deviceId: string },
  vaultKey: Uint8Array,
): string | null {
  const key = decodeBase64Exact(deviceKey, 64);
  if (key === null) return null;
  const sealed = encodeBase64(sealer.seal(key, deviceContext(owner), vaultKey));
  key.fill(0);
  return sealed;
}

/** The vault key, or null: another session, person or browser, or changed bytes. */
export function openVaultKeyForDevice(
  sealer: Sealer,
  deviceKey: string,
  owner: { userUid: string; deviceId: string },
  sealedText: string,
): Uint8Array | null {
  const key = decodeBase64Exact(deviceKey, 64);
  const sealed = decodeBase64(sealedText);
  if (key === null || sealed === null) return null;
  const vaultKey = sealer.open(key, deviceContext(owner), sealed);
  key.fill(0);
  return vaultKey !== null && vaultKey.length === 64 ? vaultKey : null;
}

const deviceContext = (owner: { userUid: string; deviceId: string }): string =>
  context('device-vault', owner.userUid, owner.deviceId);
