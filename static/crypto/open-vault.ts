/** What an open vault means to whoever opened it. Apart from the session, because parts of the engine that load later need it. */
import { CryptoError } from './crypto-error.ts';
import { type IdentityKeys, makeStatement, parseStatement } from './identity.ts';
import type { RoomOwner } from './room.ts';
import type { OpenVault } from './session.ts';

/** Zeroes every key of an open vault. */
export function wipeVault(vault: Pick<OpenVault, 'vaultKey' | 'keys'>): void {
  vault.vaultKey.fill(0);
  vault.keys.localRoot.fill(0);
  for (const { x25519, ed25519 } of vault.keys.identities) {
    x25519.fill(0);
    ed25519.fill(0);
  }
}

/** The public halves of my own versions, derived from the private ones. */
export function ownerOf(userUid: string, identities: IdentityKeys[]): RoomOwner {
  const own = identities.map((keys) => {
    const identity = parseStatement(makeStatement(userUid, keys));
    if (identity === null) throw new CryptoError('VAULT_TAMPERED');
    return identity;
  });
  return { userUid, identities, own };
}
