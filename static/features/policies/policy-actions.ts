/** What the administrator decided for everybody, as this client knows it: kept for the next start, changed by events. */
import type { ServerPolicies } from '#contract/policies.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { withOwnCursorsOnly } from '../rooms/room-revision.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { storedPolicies } from './policy-state.ts';

export type PolicyActions = {
  /** What held last time, before the server is asked. */
  load: () => Promise<void>;
  /** What a synchronisation brought; call it before the rooms of that answer are applied. */
  apply: (policies: ServerPolicies) => void;
  stop: () => void;
};

export const createPolicyActions = (deps: {
  connection: Pick<Connection, 'on'>;
  policies: Store<ServerPolicies>;
  rooms: Store<RoomsState>;
  storage: Pick<ClientStorage, 'getValue' | 'putValue'>;
  userUid: string;
  catchUp: (roomUid: string) => Promise<boolean>;
}): PolicyActions => {
  const { policies, rooms } = deps;
  // A key that begins with the uid goes when the person signs out.
  const key = `${deps.userUid}.policies`;

  /** Cursors from before are not to be seen any more, or were cut for another policy. */
  const apply = (next: ServerPolicies): void => {
    if (next.readReceipts !== policies.get().readReceipts) {
      rooms.update((state) => withOwnCursorsOnly(state, deps.userUid));
    }
    policies.set(next);
    // Losing this costs a moment without numbers at the next start.
    drop(deps.storage.putValue(key, JSON.stringify(next)).catch(() => undefined));
  };
  const stop = deps.connection.on('policies:changed', (event) => {
    apply(event.policies);
    const { openRoomUid } = rooms.get();
    // Others are asked for when they are opened.
    if (openRoomUid !== null) drop(deps.catchUp(openRoomUid));
  });
  return {
    load: async () => {
      policies.set(storedPolicies(await deps.storage.getValue(key)));
    },
    apply,
    stop,
  };
};
