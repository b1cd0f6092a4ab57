import type { VaultPart } from '#contract/accounts.ts';
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
  /** Known only to the browser that made the sheet. */
  recoveryAuth: string | null;
};

const label = 'recovery-auth';
const keyOf = (userUid: string): string => `${userUid}/vault-copy`;

/** The copy; `recoveryAuth` is still sealed. */
async function readCopy(storage: CryptoStorage, userUid: string): Promise<VaultCopy | null> {
  try {
    const value: unknown = JSON.parse((await storage.get(keyOf(userUid))) ?? 'null');
    const { counter, blob, passwordWrap, recoveryWrap, recoveryAuth } = isObject(value) ? value : {};
    const isCopy = isWholeNumber(counter) && typeof blob === 'string';
    if (!isCopy || typeof passwordWrap !== 'string' || typeof recoveryWrap !== 'string') return null;
    const sealed = typeof recoveryAuth === 'string' ? recoveryAuth : null;
    return { keys: { counter, blob }, passwordWrap, recoveryWrap, recoveryAuth: sealed };
  } catch {
    return null;
  }
}

/** Reads the copy; `localSeal` may be that of any vault of this person, because `localRoot` never changes. */
export async function loadVaultCopy(
  storage: CryptoStorage,
  userUid: string,
  localSeal: LocalSeal,
): Promise<VaultCopy | null> {
  const copy = await readCopy(storage, userUid);
  if (copy === null) return null;
  const sealed = copy.recoveryAuth === null ? null : decodeBase64(copy.recoveryAuth);
  const plain = sealed === null ? null : localSeal.open(label, userUid, sealed);
  return { ...copy, recoveryAuth: plain === null ? null : decodeUtf8(plain) };
}

/** Keeps the vault that is open now. Without storage nothing is kept, and nothing can be given back. */
export async function saveVaultCopy(
  storage: CryptoStorage,
  userUid: string,
  localSeal: LocalSeal,
  copy: VaultCopy,
): Promise<void> {
  const before = await readCopy(storage, userUid);
  const { keys, passwordWrap, recoveryWrap } = copy;
  const isSameSheet = before?.recoveryWrap === recoveryWrap;
  const recoveryAuth =
    copy.recoveryAuth === null
      ? isSameSheet && before.recoveryAuth
      : encodeBase64(localSeal.seal(label, userUid, encodeUtf8(copy.recoveryAuth)));
  const kept = { ...keys, passwordWrap, recoveryWrap, ...(recoveryAuth ? { recoveryAuth } : {}) };
  await storage.put(keyOf(userUid), JSON.stringify(kept)).catch(() => undefined);
}
