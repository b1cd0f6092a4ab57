import { context, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from './encoding.ts';
import { CryptoError } from './crypto-error.ts';
import { deriveDeviceKey, deriveKey } from './key-derivation.ts';
import type { Sealer } from './seal.ts';

/** What a person's browsers seal for themselves, all under `localRoot` (docs/e2e-protocol.md section 3). */
export type LocalSeal = {
  /** For this browser only; `label` and `id` must be context fields. */
  seal(label: string, id: string, plain: Uint8Array): Uint8Array;
  open(label: string, id: string, sealed: Uint8Array): Uint8Array | null;
  sealDraft(roomUid: string, counter: number, text: string): string;
  openDraft(roomUid: string, counter: number, sealed: string): string | null;
  sealSetting(name: string, counter: number, value: string): string;
  openSetting(name: string, counter: number, sealed: string): string | null;
  lock(): void;
};

export function createLocalSeal(
  sealer: Sealer,
  owner: { userUid: string; deviceId: string },
  localRoot: Uint8Array,
): LocalSeal {
  const { userUid, deviceId } = owner;
  const keys = {
    device: deriveDeviceKey(localRoot, deviceId),
    draft: deriveKey(localRoot, 'draft'),
    setting: deriveKey(localRoot, 'setting'),
  };
  let isLocked = false;
  const seal = (key: Uint8Array, aad: string, plain: Uint8Array): Uint8Array => {
    // A task that was under way at lock() must not seal under zeros.
    if (isLocked) throw new CryptoError('LOCKED');
    return sealer.seal(key, aad, plain);
  };
  const sealText = (key: Uint8Array, aad: string, text: string): string =>
    encodeBase64(seal(key, aad, encodeUtf8(text.normalize('NFC'))));
  const openText = (key: Uint8Array, aad: string, sealed: string): string | null => {
    const bytes = decodeBase64(sealed);
    const plain = bytes === null ? null : sealer.open(key, aad, bytes);
    return plain === null ? null : decodeUtf8(plain);
  };
  const draftContext = (roomUid: string, counter: number): string =>
    context('draft', userUid, roomUid, counter);
  const settingContext = (name: string, counter: number): string =>
    context('setting', userUid, name, counter);
  return {
    seal: (label, id, plain) => seal(keys.device, context('local', userUid, label, id), plain),
    open: (label, id, sealed) => sealer.open(keys.device, context('local', userUid, label, id), sealed),
    sealDraft: (roomUid, counter, text) => sealText(keys.draft, draftContext(roomUid, counter), text),
    openDraft: (roomUid, counter, sealed) => openText(keys.draft, draftContext(roomUid, counter), sealed),
    sealSetting: (name, counter, value) => sealText(keys.setting, settingContext(name, counter), value),
    openSetting: (name, counter, sealed) => openText(keys.setting, settingContext(name, counter), sealed),
    lock() {
      isLocked = true;
      for (const key of Object.values(keys)) key.fill(0);
    },
  };
}
