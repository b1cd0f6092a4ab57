import { isObject, isWholeNumber } from './encoding.ts';
import type { CryptoStorage } from './engine-types.ts';
import type { Watermark } from './pins.ts';

/** What this browser remembers, so that a server cannot go back to something older. */
export type WatermarkStore = {
  load(roomUid: string): Promise<Watermark | null>;
  save(roomUid: string, mark: Watermark): Promise<void>;
  loadCounters(): Promise<VaultMemory>;
  /** The server runs under this generation. */
  noteGeneration(generation: string): Promise<void>;
  saveCounters(mark: VaultMark): Promise<void>;
};

export type VaultCounters = { keys: number; pins: number };

/** `version`: the newest identity that this browser had open; one that was replaced does not come back. */
export type VaultMark = VaultCounters & { version: number };

/** `generations`: those that the server has shown this browser, the newest last. */
export type VaultMemory = VaultMark & { generations: string[] };

/** A server is restored now and then; a list of more is no office's. */
const keptGenerations = 50;

/** Over the page's storage, one person's records beside another's. A storage that fails costs memory, not safety now. */
export function createWatermarkStore(storage: CryptoStorage, userUid: string): WatermarkStore {
  const roomKey = (roomUid: string): string => `${userUid}/watermark/${roomUid}`;
  const countersKey = `${userUid}/vault-counters`;
  const generationsKey = `${userUid}/generations`;
  const loadGenerations = async (): Promise<string[]> => {
    const { known } = await readObject(storage, generationsKey);
    return Array.isArray(known) ? known.filter((item) => typeof item === 'string') : [];
  };
  return {
    async load(roomUid) {
      const { epoch, hash } = await readObject(storage, roomKey(roomUid));
      return isWholeNumber(epoch) && typeof hash === 'string' ? { epoch, hash } : null;
    },
    save: (roomUid, mark) => writeObject(storage, roomKey(roomUid), mark),
    async loadCounters() {
      const { keys, pins, version } = await readObject(storage, countersKey);
      const generations = await loadGenerations();
      const [keysSeen = 0, pinsSeen = 0, versionSeen = 0] = [keys, pins, version].map((value) =>
        isWholeNumber(value) ? value : 0,
      );
      return { keys: keysSeen, pins: pinsSeen, version: versionSeen, generations };
    },
    async noteGeneration(generation) {
      const known = await loadGenerations();
      if (known.includes(generation)) return;
      await writeObject(storage, generationsKey, { known: [...known, generation].slice(-keptGenerations) });
    },
    saveCounters: (mark) => writeObject(storage, countersKey, mark),
  };
}

async function readObject(storage: CryptoStorage, key: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse((await storage.get(key)) ?? 'null');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

// Private windows refuse IndexedDB; the marks then live in memory and in the synced pins.
async function writeObject(storage: CryptoStorage, key: string, value: object): Promise<void> {
  try {
    await storage.put(key, JSON.stringify(value));
  } catch {
    return;
  }
}
