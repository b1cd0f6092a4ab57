/** How many accounts wait for an administrator, for those who may let them in. No DOM. */
import type { Connection } from '../../connection/socket-connection.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import { meOf } from '../account/account-state.ts';
import type { AccountState } from '../account/account-state.ts';

export type WaitingPeopleDeps = {
  connection: Pick<Connection, 'call' | 'on'>;
  stores: { account: ReadableStore<AccountState>; waitingPeople: Store<number> };
};

export type WaitingPeople = { ask: () => Promise<void>; stop: () => void };

/** Owner and admins of the server; the server refuses everybody else. */
export const isAdministrator = (account: AccountState): boolean =>
  (meOf(account)?.role ?? 'member') !== 'member';

/** Asked after each connection, told by the server in between. */
export function createWaitingPeople({ connection, stores }: WaitingPeopleDeps): WaitingPeople {
  const { account, waitingPeople } = stores;
  let told = 0;
  const stop = connection.on('admin:people-changed', ({ pending }) => {
    told += 1;
    waitingPeople.set(pending);
  });
  const ask = async (): Promise<void> => {
    if (!isAdministrator(account.get())) {
      waitingPeople.set(0);
      return;
    }
    const before = told;
    const answer = await connection.call('admin:people', { limit: 1 });
    // what was told meanwhile is newer
    if (answer.ok && told === before) waitingPeople.set(answer.value.counts.pending);
  };
  return { ask, stop };
}
