/**
 * Messages on their way: stored sealed in this browser before they are sent, sent in order per room under one clientId
 * however often it takes, gone on the ack. Fails closed: without a seal nothing is sent and the text stays.
 */
import { succeed } from '../state/failure.ts';
import type { Result } from '../state/failure.ts';
import type { Store } from '../state/store.ts';
import { createDelivery } from './outbox-delivery.ts';
import type { DeliveryDeps } from './outbox-delivery.ts';
import { createOutboxItems } from './outbox-items.ts';
import type { NewOutboxItem } from './outbox-items.ts';
import { isSealed } from './outbox-state.ts';
import type { OutboxItem, OutboxState } from './outbox-state.ts';
import type { OutboxStorage } from './outbox-storage.ts';

export type OutboxDeps = Omit<DeliveryDeps, 'items'> & {
  store: Store<OutboxState>;
  storage: OutboxStorage;
};

export type Outbox = {
  /** Reads what is stored: at sign-in, and when another tab changed it. */
  reload: () => Promise<void>;
  /** Stores and sends. On a failure nothing was kept. */
  add: (item: NewOutboxItem) => Promise<Result<void>>;
  retry: (clientId: string) => Promise<void>;
  discard: (clientId: string) => Promise<void>;
  /** Takes it out and gives it; null if it has left already. */
  takeBack: (clientId: string) => Promise<OutboxItem | null>;
  /** The rows of these messages are in their rooms: nothing more to show here. */
  rowsArrived: (clientIds: readonly string[]) => void;
  /** What messages wait for may be there: a connection, a free lease; with a room, that room's keys. */
  wake: (roomUid?: string) => void;
  /** Ends all sending (sign-out, page hides for good); what is stored stays. */
  stop: () => Promise<void>;
};

export const createOutbox = (deps: OutboxDeps): Outbox => {
  const { store, storage, timers, announce } = deps;
  const items = createOutboxItems({ store, storage, timers });
  const delivery = createDelivery({ ...deps, items });

  const remove = async (clientId: string): Promise<boolean> => {
    delivery.forget(clientId);
    const wasThere = await items.remove(clientId);
    announce();
    return wasThere;
  };

  return {
    reload: items.reload,
    add: async (draft) => {
      const added = await items.add(draft);
      if (!added.ok) return added;
      announce();
      delivery.drain();
      return succeed(undefined);
    },
    retry: async (clientId) => {
      const item = items.byId(clientId);
      if (item !== undefined && isSealed(item)) return;
      if (!(await items.unfail(clientId))) return;
      items.setState(clientId, { name: 'waiting', reason: null, retryAt: null });
      announce();
      delivery.drain();
    },
    discard: async (clientId) => {
      await remove(clientId);
    },
    takeBack: async (clientId) => {
      const item = items.byId(clientId) ?? null;
      return (await remove(clientId)) ? item : null;
    },
    rowsArrived: items.rowsArrived,
    wake: delivery.wake,
    stop: async () => {
      items.stop();
      await delivery.stop();
    },
  };
};
