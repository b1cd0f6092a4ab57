/** Which notices I folded away, kept in this browser: names of messages, nothing readable. */
import type { ClientStorage } from '../../storage/client-storage.ts';

export type FoldedNotices = {
  /** The notice that is folded away in a room, as it was then; null for none. */
  of: (roomUid: string) => Promise<string | null>;
  put: (roomUid: string, key: string | null) => Promise<void>;
};

export function createFoldedNotices({
  storage,
  userUid,
}: {
  storage: Pick<ClientStorage, 'getValue' | 'putValue'>;
  userUid: string;
}): FoldedNotices {
  const name = `foldedNotices.${userUid}`;
  let known: Promise<Map<string, string>> | null = null;
  const read = async (): Promise<Map<string, string>> => {
    try {
      return parseKeys(await storage.getValue(name));
    } catch {
      // A browser that refuses its storage: they are kept as long as the page.
      return new Map();
    }
  };
  const all = (): Promise<Map<string, string>> => (known ??= read());
  return {
    of: async (roomUid) => (await all()).get(roomUid) ?? null,
    put: async (roomUid, key) => {
      const keys = await all();
      if (key === null) keys.delete(roomUid);
      else keys.set(roomUid, key);
      await storage.putValue(name, JSON.stringify([...keys])).catch(() => undefined);
    },
  };
}

/** Anything that is not as it was written is forgotten. */
function parseKeys(stored: string | null): Map<string, string> {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    if (!Array.isArray(value)) return new Map();
    return new Map(
      value.flatMap((pair: unknown): [string, string][] => {
        if (!Array.isArray(pair)) return [];
        const [roomUid, key]: unknown[] = pair;
        return typeof roomUid === 'string' && typeof key === 'string' ? [[roomUid, key]] : [];
      }),
    );
  } catch {
    return new Map();
  }
}
