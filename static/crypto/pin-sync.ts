import type { VaultPart } from '#contract/accounts.ts';
import { decodeBase64, decodeJsonObject, encodeBase64, encodeJson } from './encoding.ts';
import type { CryptoStorage } from './engine-types.ts';
import type { LocalSeal } from './local-seal.ts';
import { mergePins, parsePins, type Pins, pinsToJson } from './pins.ts';

/** Keeps the pins: at once in this browser, and in the vault at the page's pace (docs/e2e-protocol.md section 7). */
export type PinSync = {
  /** The pins may have changed: writes this browser's copy and tells the page. */
  touched(): Promise<void>;
  /** Adds what this browser pinned but never got to the vault. */
  loadLocal(): Promise<void>;
  merge(json: Record<string, unknown>): Promise<void>;
  isDirty(): boolean;
  /** The JSON to seal now; markSaved() of it ends being dirty unless more changed meanwhile. */
  snapshot(): string;
  markSaved(snapshot: string): void;
};

const localLabel = 'pins';
const localKey = (userUid: string): string => `${userUid}/pins`;

/** This browser's own copy of the pins; null if there is none that opens. */
export async function loadLocalPins(
  storage: CryptoStorage,
  localSeal: LocalSeal,
  userUid: string,
): Promise<Pins | null> {
  const text = await storage.get(localKey(userUid)).catch(() => null);
  const sealed = text === null ? null : decodeBase64(text);
  const plain = sealed === null ? null : localSeal.open(localLabel, userUid, sealed);
  const json = plain === null ? null : decodeJsonObject(plain);
  return json === null ? null : parsePins(json);
}

export function createPinSync(deps: {
  pins: Pins;
  storage: CryptoStorage;
  localSeal: LocalSeal;
  userUid: string;
  pinsChanged(): void;
}): PinSync {
  const { pins, storage, localSeal, userUid } = deps;
  const snapshot = (): string => JSON.stringify(pinsToJson(pins));
  let saved = snapshot();
  /** What this browser's copy holds; a server that is restored may know less than the vault did. */
  let written: string | null = null;

  const touched = async (): Promise<void> => {
    const now = snapshot();
    if (now === written) return;
    written = now;
    const sealed = encodeBase64(localSeal.seal(localLabel, userUid, encodeJson(pinsToJson(pins))));
    // Without storage the pins live in memory until the vault has them.
    await storage.put(localKey(userUid), sealed).catch(() => undefined);
    if (now !== saved) deps.pinsChanged();
  };

  return {
    touched,
    async loadLocal() {
      const local = await loadLocalPins(storage, localSeal, userUid);
      written = local === null ? null : JSON.stringify(pinsToJson(local));
      // Fields of a newer client come from the vault only; this copy of them may be older.
      if (local !== null) mergePins(pins, { ...local, unknown: {} });
      await touched();
    },
    async merge(json) {
      const theirs = parsePins(json);
      // What the vault holds by now counts as saved; only what it lacks has to be sent.
      saved = JSON.stringify(pinsToJson(theirs));
      mergePins(pins, theirs);
      await touched();
    },
    isDirty: () => snapshot() !== saved,
    snapshot,
    markSaved(done) {
      saved = done;
    },
  };
}

/** The next blob's name in the vault. */
export const nextPart = (counter: number, blob: (counter: number) => string): VaultPart => ({
  counter: counter + 1,
  blob: blob(counter + 1),
});
