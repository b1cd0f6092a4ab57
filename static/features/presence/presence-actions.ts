/** When people were last seen: asked for once somebody looks at them, and forgotten with the connection. */
import type { Call } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import type { PresenceState } from './presence-state.ts';

export type PresenceActions = {
  /** These people are on screen: what is not known of those who are gone is asked for. */
  look: (userUids: readonly string[]) => void;
  /** Whether somebody is at this page. */
  report: (isAway: boolean) => void;
};

export const createPresenceActions = (deps: {
  call: Call;
  presence: Store<PresenceState>;
}): PresenceActions => {
  const { presence } = deps;

  const ask = async (userUids: string[]): Promise<void> => {
    const result = await deps.call('presence:last-seen', { userUids });
    if (!result.ok || !presence.get().isKnown) return;
    const { lastSeen } = result.value;
    presence.update((state) => {
      const times = new Map(lastSeen.map(({ userUid, at }) => [userUid, at]));
      // Who went while this was asked is known better by the event.
      for (const [userUid, at] of state.lastSeenByUid) if (at > 0) times.set(userUid, at);
      for (const userUid of userUids) if (!times.has(userUid)) times.set(userUid, 0);
      return { ...state, lastSeenByUid: times };
    });
  };
  return {
    look: (userUids) => {
      const { isKnown, onlineUids, lastSeenByUid } = presence.get();
      if (!isKnown) return;
      const unknown = userUids.filter((uid) => !onlineUids.has(uid) && !lastSeenByUid.has(uid));
      if (unknown.length === 0) return;
      // Asked once, however often the view is drawn until the answer comes.
      presence.update((state) => {
        const times = new Map(state.lastSeenByUid);
        for (const userUid of unknown) times.set(userUid, 0);
        return { ...state, lastSeenByUid: times };
      });
      drop(ask(unknown));
    },
    // One that is lost is made good by the next connection.
    report: (isAway) => drop(deps.call('presence:report', { isAway })),
  };
};
