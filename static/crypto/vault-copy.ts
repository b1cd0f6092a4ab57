import type { VaultPart } from '#contract/accounts.ts';
import type { KdfParameters } from '#contract/sealed.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8, isObject, isWholeNumber } from './encoding.ts';
import type { CryptoStorage } from './engine-types.ts';
import type { LocalSeal } from './local-seal.ts';

/**
 * This browser's copy of the sealed `keys` blob and its wraps, for a server that was restored to an older one. Nothing in it
 * opens without the password; what proves the recovery sheet is sealed for this browser on top.
 */
export type VaultCopy = {
  keys: VaultPart;
  passwordWrap: string;
  recoveryWrap: string;
  /** Known only to the browser that made the sheet; sealed, as it is kept. */
  recoveryAuth: string | null;
  /** How the password of the wrap is stretched: the server may have gone back to another one. */
  stretch: Stretch | null;
  /** The newest identity in it. */
  identityVersion: number;
};

/** Salt and parameters of a password; nothing of it is secret. */
export type Stretch = { salt: string; kdf: KdfParameters };

const label = 'recovery-auth';
const keyOf = (userUid: string): string => `${userUid}/vault-copy`;

/** The copy as it is kept; nothing of it is opened. */
export async function loadVaultCopy(storage: CryptoStorage, userUid: string): Promise<VaultCopy | null> {
  try {
    const value: unknown = JSON.parse((await storage.get(keyOf(userUid))) ?? 'null');
    const { counter, blob, passwordWrap, recoveryWrap, recoveryAuth, stretch, identityVersion } = isObject(
      value,
    )
      ? value
      : {};
    const isCopy = isWholeNumber(counter) && typeof blob === 'string';
    if (!isCopy || typeof passwordWrap !== 'string' || typeof recoveryWrap !== 'string') return null;
    const sealed = typeof recoveryAuth === 'string' ? recoveryAuth : null;
    const version = isWholeNumber(identityVersion) ? identityVersion : 0;
    return {
      keys: { counter, blob },
      passwordWrap,
      recoveryWrap,
      recoveryAuth: sealed,
      stretch: isObject(stretch) ? (stretch as Stretch) : null, // checked where it is used
      identityVersion: version,
    };
  } catch {
    return null;
  }
}

/** What proves the recovery sheet of a copy; `localSeal` is that of the copy's own `localRoot`. */
export function loadSheetProof(copy: VaultCopy, userUid: string, localSeal: LocalSeal): string | null {
  const sealed = copy.recoveryAuth === null ? null : decodeBase64(copy.recoveryAuth);
  const plain = sealed === null ? null : localSeal.open(label, userUid, sealed);
  return plain === null ? null : decodeUtf8(plain);
}

/** Keeps the vault that is open now. Without storage nothing is kept, and nothing can be given back. */
export async function saveVaultCopy(
  storage: CryptoStorage,
  userUid: string,
  localSeal: LocalSeal,
  copy: VaultCopy,
): Promise<void> {
  const before = await loadVaultCopy(storage, userUid);
  const { keys, recoveryAuth: proof, ...rest } = copy;
  const isSameSheet = before?.recoveryWrap === copy.recoveryWrap;
  const recoveryAuth =
    proof === null
      ? isSameSheet && before.recoveryAuth
      : encodeBase64(localSeal.seal(label, userUid, encodeUtf8(proof)));
  const kept = { ...keys, ...rest, ...(recoveryAuth ? { recoveryAuth } : {}) };
  await storage.put(keyOf(userUid), JSON.stringify(kept)).catch(() => undefined);
}
