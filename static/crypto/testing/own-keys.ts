import { decodeBase64 } from '../encoding.ts';
import { defaultKdf, derivePasswordKeys } from '../key-derivation.ts';
import { nobleAes } from '../primitives.ts';
import { createSealer } from '../seal.ts';
import { openVaultBlob, parseVaultKeys, unwrapVaultKeyByPassword } from '../vault.ts';
import { password, type Person, quickHash } from './crypto-world.ts';

/** The signing seed of a person's newest identity, from their own vault: for records that an honest client would not make. */
export async function signingSeedOf(person: Person, typed = password): Promise<Uint8Array> {
  const salt = decodeBase64(person.salt) ?? new Uint8Array(16);
  const { wrapKey } = await derivePasswordKeys(quickHash, typed, salt, defaultKdf);
  const sealer = createSealer(nobleAes, () => new Uint8Array(16));
  const { userUid, vault } = person.row;
  const vaultKey = unwrapVaultKeyByPassword(sealer, wrapKey, userUid, vault.passwordWrap);
  if (vaultKey === null) throw new Error('the vault does not open');
  const { counter } = vault.keys;
  const name = { label: 'keys' as const, userUid, counter }; // a literal, not a string
  const { identities } = parseVaultKeys(openVaultBlob(sealer, vaultKey, name, vault.keys.blob));
  const newest = identities.sort((left, right) => right.version - left.version)[0];
  if (newest === undefined) throw new Error('no identity');
  return newest.ed25519;
}
