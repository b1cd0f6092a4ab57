import { openVault } from './account-keys.ts';
import { isSameBytes } from './encoding.ts';
import { openEpochKey } from './room-key.ts';
import { linkOf } from './room-chain.ts';
import { ownerOf, wipeVault } from './open-vault.ts';
import type { OpenVault } from './session.ts';
import type { TrustDeps } from './trust-desk.ts';
import type { RehearsalInput, RehearsalResult, RehearsedRoom, TrustEngine } from './trust-types.ts';

const noneRemembered = { keys: 0, pins: 0, version: 0 };

/** Whether what the server keeps would be enough to begin anew with (docs/e2e-protocol.md section 7). */

/** The stored vault, opened as a fresh browser would; what differs from what I hold makes it unsound. */
async function openStored(
  deps: TrustDeps,
  row: RehearsalInput['row'],
): Promise<{ isSound: boolean | null; stored: OpenVault | null }> {
  const own = deps.vault();
  // Another browser of mine has put a new vault key in place: this one cannot open it, and that is no fault of the vault.
  if (row.vault.keys.counter > own.counters.keys) return { isSound: null, stored: null };
  const stored = await openVault(deps, row, own.vaultKey.slice(), noneRemembered).catch(() => null);
  if (stored === null) return { isSound: false, stored };
  const holdsAll = own.keys.identities.every((keys) =>
    stored.keys.identities.some(
      (other) =>
        other.version === keys.version &&
        isSameBytes(other.x25519, keys.x25519) &&
        isSameBytes(other.ed25519, keys.ed25519),
    ),
  );
  const isSame =
    isSameBytes(stored.keys.localRoot, own.keys.localRoot) &&
    isSameBytes(stored.keys.recoveryKey, own.keys.recoveryKey) &&
    row.vault.passwordWrap === own.passwordWrap &&
    row.vault.recoveryWrap === own.recoveryWrap;
  return { isSound: holdsAll && isSame, stored };
}

type RoomCheck = { unreadable: number[]; isChecked: boolean };

async function checkRoom(deps: TrustDeps, stored: OpenVault, room: RehearsedRoom): Promise<RoomCheck> {
  const owner = ownerOf(stored.userUid, stored.keys.identities);
  const unreadable: number[] = [];
  for (const epoch of new Set([room.oldest, room.newest])) {
    const rows = await deps.fetchRecords(room.roomUid, epoch, epoch).catch(() => []);
    const row = rows.find((candidate) => candidate.epoch === epoch);
    if (row === undefined) return { unreadable, isChecked: false };
    const link = linkOf(row);
    const key = link === null ? 'KEY_BAD' : openEpochKey(deps.sealer, link, owner);
    if (typeof key === 'string') unreadable.push(epoch);
    else key.fill(0);
  }
  return { unreadable, isChecked: true };
}

/** Tries the stored vault on the oldest and newest keys of rooms; nothing is kept, every key is zeroed. */
export const createRehearsal =
  (deps: TrustDeps): TrustEngine['rehearse'] =>
  async ({ row, rooms }) => {
    const { isSound, stored } = await openStored(deps, row);
    const result: RehearsalResult = { isVaultSound: isSound, unreadable: [], unchecked: [] };
    for (const room of rooms) {
      const check = stored === null ? null : await checkRoom(deps, stored, room);
      if (check?.isChecked !== true) result.unchecked.push(room.roomUid);
      for (const epoch of check?.unreadable ?? []) result.unreadable.push({ roomUid: room.roomUid, epoch });
    }
    if (stored !== null) wipeVault(stored);
    return result;
  };
