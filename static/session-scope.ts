/** Everything that lives while somebody is signed in: loaded after the sign-in form, started and ended per sign-in. */
import type { SignedIn } from '#contract/accounts.ts';
import type { Connection } from './connection/socket-connection.ts';
import { emptyOutbox } from './connection/outbox-state.ts';
import type { AppStoresInside } from './environment.ts';
import type { RunningSession } from './features/account/session-actions.ts';
import { noMemos } from './features/memos/memo-news.ts';
import { emptyDrafts } from './features/messages/draft-state.ts';
import { emptyMy } from './features/my/my-state.ts';
import { emptyDirectory, emptyPeople } from './features/people/person-state.ts';
import { unknownPolicies } from './features/policies/policy-state.ts';
import { noPins } from './features/pins/pin-news.ts';
import { emptyPolls } from './features/polls/poll-state.ts';
import { emptyPresence } from './features/presence/presence-state.ts';
import { noJoinRequests } from './features/rooms/join-request-state.ts';
import { emptyRooms } from './features/rooms/room-state.ts';
import { noTrustNews } from './features/trust/trust-news.ts';
import { emptyTyping } from './features/typing/typing-state.ts';
import { drop } from './state/drop.ts';
import type { AppActions } from './app-types.ts';
import { createSessionParts } from './session-parts.ts';
import type { ScopeDeps } from './session-parts.ts';
import { listenToTabs, watchOutboxRows } from './session-watchers.ts';

export type SessionScope = RunningSession & {
  actions: Pick<
    AppActions,
    | 'directory'
    | 'rooms'
    | 'history'
    | 'my'
    | 'messages'
    | 'drafts'
    | 'editing'
    | 'scheduled'
    | 'reactions'
    | 'polls'
    | 'memos'
    | 'pins'
    | 'administration'
    | 'recovery'
    | 'trust'
    | 'presence'
    | 'typing'
    | 'reconnectNow'
  >;
  pinsChanged: () => void;
  /** The page became visible or the network came back. */
  wakeUp: () => void;
  /** The page is about to hide: what waits to be stored is stored. */
  flush: () => Promise<void>;
  connection: Connection;
};

/** Builds the parts, shows what this browser kept, and starts to connect. */
export const startSessionScope = async (deps: ScopeDeps, signedIn: SignedIn): Promise<SessionScope> => {
  const { stores } = deps;
  const parts = createSessionParts(deps, signedIn);
  const { connection, sync, outbox, drafts, notifier, reading, disposables } = parts;

  // What is stored is on screen before the server is asked; a cache that cannot be read is not worth a failed start.
  await parts.mySync.load().catch(() => undefined);
  await Promise.all([sync.loadCache(), parts.policies.load()]).catch(() => undefined);
  await Promise.all([drafts.load(), outbox.reload()]).catch(() => undefined);

  const mirror = connection.state.subscribe(
    (state) => state,
    (state) => {
      stores.connection.set(state);
      if (state.phase !== 'online') {
        // Who comes and goes meanwhile is not told; the next synchronisation says who is there.
        stores.presence.set(emptyPresence());
        parts.polls.disconnected();
        parts.activity.clear();
        return;
      }
      // How far others read meanwhile changes no revision.
      const { openRoomUid } = stores.rooms.get();
      if (openRoomUid !== null) drop(sync.catchUp(openRoomUid));
      // Where the server, which has the piece, cannot be reached any more, the next connection asks again.
      drop(parts.activity.begin().catch(() => undefined));
      drop(parts.healing.watch());
      notifier.start();
      reading.resume();
      parts.opening.retry();
      outbox.wake();
    },
  );
  disposables.add(
    mirror,
    listenToTabs(deps.environment.tabs, parts, signedIn.me.userUid),
    watchOutboxRows(stores, outbox, signedIn.me.userUid),
  );
  connection.connect(sync.synchronise);
  return {
    connection,
    actions: parts.actions,
    pinsChanged: parts.pins.changed,
    unsentCount: () => stores.outbox.get().items.filter((item) => item.state.name !== 'sent').length,
    wakeUp: connection.probe,
    flush: async () => {
      parts.cacheWriter.flush();
      await drafts.flush();
    },
    end: async ({ isServerReachable }) => {
      try {
        await drafts.flush();
        if (isServerReachable) await parts.pins.flush();
      } finally {
        await outbox.stop();
        // Another tab need not wait until the lease runs out.
        deps.environment.tabs.post({ type: 'lease-released', name: 'outbox' });
        disposables.dispose();
        connection.disconnect();
        clearStores(stores);
        stores.connection.set({ phase: 'signed-out' });
      }
    },
  };
};

const clearStores = (stores: AppStoresInside): void => {
  stores.rooms.set(emptyRooms());
  stores.people.set(emptyPeople());
  stores.directory.set(emptyDirectory());
  stores.presence.set(emptyPresence());
  stores.policies.set(unknownPolicies);
  stores.trust.set(noTrustNews());
  stores.typing.set(emptyTyping());
  stores.waitingPeople.set(0);
  stores.outbox.set({ ...emptyOutbox(), isDurable: stores.outbox.get().isDurable });
  stores.drafts.set(emptyDrafts());
  stores.polls.set(emptyPolls());
  stores.joinRequests.set(noJoinRequests());
  stores.my.set(emptyMy());
  stores.memos.set(noMemos());
  stores.pins.set(noPins());
  stores.quotes.set(new Map());
  stores.scheduled.set({ isLoaded: false, byId: new Map() });
};
