/** Outbox items in this browser's storage: sealed under the device key, opened only in memory. */
import type { CryptoEngine } from '../crypto/index.ts';
import type { FailureCode } from '../state/failure.ts';
import type { ClientStorage, StoredOutboxItem } from '../storage/client-storage.ts';
import type { OutboxItem } from './outbox-state.ts';

export type OutboxStorage = {
  put: (item: OutboxItem) => Promise<void>;
  /** Oldest first. One that does not open comes as failed with TEXT_SEALED, so that nobody loses a text without knowing. */
  list: () => Promise<OutboxItem[]>;
  mark: (clientId: string, failure: StoredOutboxItem['failure']) => Promise<boolean>;
  remove: (clientId: string) => Promise<boolean>;
  /** True if what was stored here is gone without having been removed: site data was deleted while the page was open. */
  wasEmptied: () => Promise<boolean>;
};

/** Written under keys that are gone. Its place in the order is the time when it was stored. */
const sealedItem = ({ clientId, roomUid, order }: StoredOutboxItem): OutboxItem => ({
  clientId,
  roomUid,
  order,
  text: '',
  target: null,
  composedAt: order,
  state: { name: 'failed', reason: 'TEXT_SEALED', subject: null },
});

type SealedPart = Pick<OutboxItem, 'text' | 'poll' | 'target' | 'composedAt'>;

export const createOutboxStorage = (deps: {
  storage: ClientStorage;
  crypto: Pick<CryptoEngine, 'sealLocal' | 'openLocal'>;
  userUid: string;
}): OutboxStorage => {
  const { storage, crypto, userUid } = deps;
  /** Stands for the database itself. It begins with the uid, so that a sign-out takes it along. */
  const markName = `${userUid}.outbox`;
  let isMarked = false;
  const mark = async (): Promise<void> => {
    if (isMarked) return;
    await storage.putValue(markName, '1');
    isMarked = true;
  };

  const open = async (stored: StoredOutboxItem): Promise<OutboxItem> => {
    const plain = await crypto.openLocal('outbox', stored.clientId, stored.sealed);
    if (plain === null) return sealedItem(stored);
    // Written by `put` below and authenticated by the seal.
    const part = JSON.parse(new TextDecoder().decode(plain)) as SealedPart;
    const { clientId, roomUid, order, failure } = stored;
    return {
      clientId,
      roomUid,
      order,
      ...part,
      state:
        failure === null
          ? { name: 'waiting', reason: null, retryAt: null }
          : // Only codes of this client were stored; one of an older version shows as unknown.
            { name: 'failed', reason: failure.code as FailureCode, subject: failure.subject },
    };
  };

  return {
    put: async (item) => {
      const { clientId, roomUid, order, text, poll, target, composedAt } = item;
      const part: SealedPart = { text, target, composedAt, ...(poll === undefined ? {} : { poll }) };
      const plain = new TextEncoder().encode(JSON.stringify(part));
      const sealed = await crypto.sealLocal('outbox', clientId, plain);
      await mark();
      await storage.putOutboxItem(userUid, { clientId, roomUid, order, sealed, failure: null });
    },
    wasEmptied: async () => isMarked && (await storage.getValue(markName)) === null,
    list: async () => {
      isMarked ||= (await storage.getValue(markName)) !== null;
      const stored = await storage.listOutbox(userUid);
      stored.sort((left, right) => left.order - right.order);
      return Promise.all(stored.map((item) => open(item)));
    },
    mark: (clientId, failure) => storage.markOutboxItem(userUid, clientId, failure),
    remove: (clientId) => storage.removeOutboxItem(userUid, clientId),
  };
};
