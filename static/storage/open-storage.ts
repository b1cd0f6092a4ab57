/** IndexedDB where the browser grants it, memory where it does not; the app shows which. */
import type { ClientStorage } from './client-storage.ts';
import { openIndexedStorage } from './indexed-storage.ts';

/**
 * Safari 14 sometimes never answers the first open of a page; the client must not wait for it for ever. A slow disk or a
 * virus scanner may take seconds, and a page that gave up on them would keep nothing until it is loaded anew.
 */
const openTimeoutMs = 10_000;

export const openStorage = async (): Promise<ClientStorage> => {
  if (!('indexedDB' in globalThis)) return openMemoryStorage();
  const tooLate = new Promise<null>((resolve) => {
    setTimeout(() => resolve(null), openTimeoutMs);
  });
  const opened = openIndexedStorage().catch(() => null);
  return (await Promise.race([opened, tooLate])) ?? openMemoryStorage();
};

/** Few browsers need it. */
const openMemoryStorage = async (): Promise<ClientStorage> =>
  (await import('./memory-storage.ts')).createMemoryStorage();
