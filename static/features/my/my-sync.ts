/** Keeps what is one's own current: what is stored, then what a synchronisation brings, then events. */
import type { MyChanges } from '#contract/my-items.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import { createDelayed } from '../../state/timers.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { keptMy, readKeptMy, withMyChanges, withMyEvent } from './my-state.ts';
import type { MyState } from './my-state.ts';

const writeDelayMs = 500;

export type MySync = {
  /** Shows what this browser kept of the last time. */
  load: () => Promise<void>;
  /** The answer of a synchronisation. */
  apply: (changes: MyChanges) => void;
  stop: () => void;
};

export const createMySync = (deps: {
  connection: Pick<Connection, 'call' | 'on'>;
  storage: Pick<ClientStorage, 'getValue' | 'putValue'>;
  timers: Timers;
  my: Store<MyState>;
  userUid: string;
}): MySync => {
  const { connection, storage, my } = deps;
  // Begins with the uid, so that a sign-out takes it along.
  const keptName = `${deps.userUid}.my`;
  let isAsking = false;

  const keep = createDelayed(deps.timers, writeDelayMs, () => {
    // What is not kept is asked for at the next start.
    drop(storage.putValue(keptName, keptMy(my.get())).catch(() => undefined));
  });
  const apply = (changes: MyChanges): void => {
    my.set(withMyChanges(my.get(), changes));
    keep.request();
  };
  /** Something between was missed; whatever arrives meanwhile is in the answer, or shows the next gap. */
  const catchUp = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const { rev } = my.get();
    const result = await connection.call('my:list', rev === null ? {} : { since: rev });
    isAsking = false;
    // A refusal is no loss: the next event or connection asks again.
    if (result.ok) apply(result.value);
  };
  const stopListening = connection.on('my:changed', (event) => {
    const next = withMyEvent(my.get(), event);
    if (next === null) {
      drop(catchUp());
      return;
    }
    my.set(next);
    keep.request();
  });

  return {
    load: async () => {
      my.set(readKeptMy(await storage.getValue(keptName)));
    },
    apply,
    stop: () => {
      stopListening();
      keep.cancel();
    },
  };
};
