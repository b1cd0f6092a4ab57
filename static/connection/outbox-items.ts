/** The outbox's messages in memory and in this browser's storage, kept equal: one change of the storage at a time. */
import { fail, succeed } from '../state/failure.ts';
import type { FailureCode, Result } from '../state/failure.ts';
import { cryptoFailure } from '../state/crypto-failure.ts';
import { drop } from '../state/drop.ts';
import type { Store } from '../state/store.ts';
import type { Timers } from '../state/timers.ts';
import { createWorkQueue } from '../state/work-queue.ts';
import { withItem, withItemState, withoutItems } from './outbox-state.ts';
import type { OutboxItem, OutboxState } from './outbox-state.ts';
import type { OutboxStorage } from './outbox-storage.ts';

export type NewOutboxItem = Pick<
  OutboxItem,
  'clientId' | 'roomUid' | 'text' | 'poll' | 'target' | 'composedAt'
>;

export type OutboxItems = {
  all: () => readonly OutboxItem[];
  byId: (clientId: string) => OutboxItem | undefined;
  setState: (clientId: string, state: OutboxItem['state']) => void;
  /** Reads what is stored: other tabs add, send and discard, too. */
  reload: () => Promise<void>;
  /** Stores a message at the end. On a failure nothing was kept. */
  add: (draft: NewOutboxItem) => Promise<Result<void>>;
  /** It will not go by itself. */
  fail: (clientId: string, failure: { code: FailureCode; subject: string | null }) => Promise<void>;
  /** It may go again; false if it has gone. */
  unfail: (clientId: string) => Promise<boolean>;
  /** Out of memory and storage; true if it was still stored. */
  remove: (clientId: string) => Promise<boolean>;
  /** Acknowledged: not stored any more, shown until its row arrives. */
  acknowledge: (clientId: string, at: { seq: number; sentAt: number }) => Promise<void>;
  /** The rows of these messages are in their rooms. */
  rowsArrived: (clientIds: readonly string[]) => void;
  stop: () => void;
};

export const createOutboxItems = (deps: {
  store: Store<OutboxState>;
  storage: OutboxStorage;
  timers: Timers;
}): OutboxItems => {
  const { store, storage, timers } = deps;
  const storing = createWorkQueue();
  /** The server has these, and storage may still list them: not shown and not sent again. */
  const settledIds = new Set<string>();
  let isStopped = false;
  let lastOrder = 0;

  const all = (): readonly OutboxItem[] => store.get().items;
  const byId = (clientId: string): OutboxItem | undefined => all().find((item) => item.clientId === clientId);
  const setState = (clientId: string, state: OutboxItem['state']): void =>
    store.update((present) => withItemState(present, clientId, state));
  const forget = (clientIds: readonly string[]): void =>
    store.update((present) => withoutItems(present, new Set(clientIds)));

  /** A storage that fails costs nothing but a second sending, which the server answers as the first. */
  const erase = (clientIds: readonly string[]): Promise<void> =>
    storing.run('store', async () => {
      for (const clientId of clientIds) {
        settledIds.add(clientId);
        try {
          await storage.remove(clientId);
          settledIds.delete(clientId);
        } catch {
          // It stays in the set, so that this tab does not show it again.
        }
      }
    });

  const readStored = async (): Promise<void> => {
    const stored = await storage.list();
    if (isStopped) return;
    const storedIds = new Set(stored.map((item) => item.clientId));
    for (const item of stored) {
      lastOrder = Math.max(lastOrder, item.order);
      const present = byId(item.clientId);
      if (settledIds.has(item.clientId)) continue;
      if (present === undefined || (present.state.name === 'failed') !== (item.state.name === 'failed')) {
        store.update((state) => withItem(state, item));
      }
    }
    // The database was deleted under this page: what is in memory is all there is, and it still goes out.
    if (await storage.wasEmptied()) return;
    // Not stored any more: another tab sent or discarded it. What this tab sent waits for its row.
    const gone = all().filter((item) => item.state.name !== 'sent' && !storedIds.has(item.clientId));
    forget(gone.map((item) => item.clientId));
  };

  const addNow = async (draft: NewOutboxItem): Promise<Result<void>> => {
    lastOrder = Math.max(lastOrder + 1, timers.now());
    const item: OutboxItem = {
      ...draft,
      order: lastOrder,
      state: { name: 'waiting', reason: null, retryAt: null },
    };
    try {
      await storage.put(item);
    } catch (error) {
      return cryptoFailure(error) ?? fail('STORAGE_FULL');
    }
    store.update((present) => withItem(present, item));
    return succeed(undefined);
  };

  return {
    all,
    byId,
    setState,
    reload: () => storing.run('store', readStored),
    add: (draft) => storing.run('store', () => addNow(draft)),
    fail: async (clientId, failure) => {
      setState(clientId, { name: 'failed', reason: failure.code, subject: failure.subject });
      // Not stored as failed it is tried once more after a reload, nothing worse.
      await storage.mark(clientId, failure).catch(() => undefined);
    },
    unfail: (clientId) => storing.run('store', () => storage.mark(clientId, null)),
    remove: async (clientId) => {
      const wasThere = await storing.run('store', () => storage.remove(clientId));
      forget([clientId]);
      return wasThere;
    },
    acknowledge: (clientId, at) => {
      // Without effect if its row was faster.
      setState(clientId, { name: 'sent', ...at });
      settledIds.add(clientId);
      return erase([clientId]);
    },
    rowsArrived: (clientIds) => {
      const unacknowledged = clientIds.filter((clientId) => byId(clientId)?.state.name !== 'sent');
      for (const clientId of unacknowledged) settledIds.add(clientId);
      forget(clientIds);
      // Their acks may have been lost: without this they would be sent again after the next reload.
      if (unacknowledged.length > 0) drop(erase(unacknowledged));
    },
    stop: () => {
      isStopped = true;
    },
  };
};
