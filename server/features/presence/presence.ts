/**
 * Who is online, away or gone, told to the people who share a room: what changed within two seconds is one event per room,
 * encoded once however many are in it. Somebody who reconnects within that time is not mentioned, unless somebody else asked
 * meanwhile.
 */
import type { EventPayload } from '#contract/index.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUser, toUsers } from '../../gateway/delivery.ts';
import type { Clock, Deliver, FeatureDatabase } from '../feature-types.ts';
import { createAwayPages } from './away-pages.ts';
import { sharedRooms } from './presence-store.ts';

const coalesceMs = 2_000;
/** People whose rooms are looked up at once: the event loop gets a turn in between. */
const sliceSize = 200;

export type Presence = {
  connected: (userUid: string) => void;
  disconnected: (userUid: string) => void;
  /** One more socket of somebody who had one, and one less. */
  entered: (userUid: string) => void;
  left: (userUid: string, socketId: string) => void;
  /** Whether somebody is at the page of this socket. */
  report: (userUid: string, socketId: string, isAway: boolean) => void;
  /** These people are new to a room: it learns who of them is online, and they learn who of the room is. */
  introduce: (roomUid: string, addedUids: readonly string[]) => void;
  /** Who is connected in these rooms, and who of them is away; everything later comes as events. */
  presentIn: (roomUids: readonly string[]) => { onlineUids: string[]; awayUids: string[] };
  /** Tells what has changed by now. Runs by itself two seconds after a change. */
  tell: () => Promise<void>;
  stop: () => void;
};

type PresenceDeps = {
  database: FeatureDatabase;
  clock: Clock;
  deliver: Deliver;
  online: {
    isOnline: (userUid: string) => boolean;
    onlineIn: (roomUids: readonly string[]) => string[];
    connectionsOf: (userUid: string) => number;
  };
  onBug: (error: unknown) => void;
};

type State = keyof EventPayload<'presence:changed'>;
type Changes = Record<State, Set<string>>;

const noChanges = (): Changes => ({ online: new Set(), away: new Set(), offline: new Set() });

const changesOf = (map: Map<string, Changes>, key: string): Changes => {
  const changes = map.get(key) ?? noChanges();
  map.set(key, changes);
  return changes;
};

const payloadOf = ({ online, away, offline }: Changes): EventPayload<'presence:changed'> => ({
  online: [...online],
  away: [...away],
  offline: [...offline],
});

export function createPresence({ database, clock, deliver, online, onBug }: PresenceDeps): Presence {
  const pages = createAwayPages(online.connectionsOf);
  /** What was last said of everybody who is not offline. */
  const told = new Map<string, State>();
  /** Who may have changed, with the number of askers by then. */
  const dirty = new Map<string, number>();
  const addedByRoom = new Map<string, Set<string>>();
  let askers = 0;
  let cancel: (() => void) | undefined;
  let isStopped = false;

  const stateOf = (userUid: string): State => {
    if (!online.isOnline(userUid)) return 'offline';
    return pages.isAway(userUid) ? 'away' : 'online';
  };

  function schedule(): void {
    // sockets close after the database: a server that starts again within this process has nobody left to tell
    if (isStopped) return;
    cancel ??= clock.after(coalesceMs, () => {
      cancel = undefined;
      tell().catch(onBug);
    });
  }

  function changed(userUid: string): void {
    if (!dirty.has(userUid)) dirty.set(userUid, askers);
    schedule();
  }

  /** Whom there is something to say of: changed, or seen by an asker in a state that did not last. */
  function takeChanged(): string[] {
    const userUids = [...dirty]
      .filter(([uid, since]) => stateOf(uid) !== (told.get(uid) ?? 'offline') || since !== askers)
      .map(([uid]) => uid);
    dirty.clear();
    for (const uid of userUids) {
      const state = stateOf(uid);
      if (state === 'offline') told.delete(uid);
      else told.set(uid, state);
    }
    return userUids;
  }

  const payloadFor = (userUids: readonly string[]): EventPayload<'presence:changed'> => {
    const changes = noChanges();
    for (const uid of userUids) changes[stateOf(uid)].add(uid);
    return payloadOf(changes);
  };

  function introductions(): Delivery[] {
    const events = [...addedByRoom].flatMap(([roomUid, added]) => {
      const present = online.onlineIn([roomUid]);
      const arrived = present.filter((uid) => added.has(uid));
      if (arrived.length === 0) return [];
      const toAll = toRoom(roomUid, 'presence:changed', payloadFor(arrived));
      if (arrived.length === present.length) return [toAll];
      return [toAll, toUsers(arrived, 'presence:changed', payloadFor(present))];
    });
    addedByRoom.clear();
    return events;
  }

  async function tell(): Promise<void> {
    deliver(introductions());
    const userUids = takeChanged();
    const byRoom = new Map<string, Changes>();
    const byPeer = new Map<string, Changes>();
    for (let start = 0; start < userUids.length; start += sliceSize) {
      if (isStopped) return;
      const slice = userUids.slice(start, start + sliceSize);
      for (const { userUid, roomUid, peerUid } of await sharedRooms(database.read, slice)) {
        const changes = peerUid === null ? changesOf(byRoom, roomUid) : changesOf(byPeer, peerUid);
        changes[stateOf(userUid)].add(userUid);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    deliver([...byRoom].map(([uid, changes]) => toRoom(uid, 'presence:changed', payloadOf(changes))));
    deliver([...byPeer].map(([uid, changes]) => toUser(uid, 'presence:changed', payloadOf(changes))));
  }

  return {
    connected: changed,
    disconnected: changed,
    entered: changed,
    left(userUid, socketId) {
      pages.forget(userUid, socketId);
      changed(userUid);
    },
    report(userUid, socketId, isAway) {
      if (pages.report(userUid, socketId, isAway)) changed(userUid);
    },
    introduce(roomUid, addedUids) {
      const added = addedByRoom.get(roomUid) ?? new Set<string>();
      addedByRoom.set(roomUid, added);
      for (const uid of addedUids) added.add(uid);
      schedule();
    },
    presentIn(roomUids) {
      askers += 1;
      const onlineUids = online.onlineIn(roomUids);
      return { onlineUids, awayUids: onlineUids.filter(pages.isAway) };
    },
    tell,
    stop() {
      isStopped = true;
      cancel?.();
      cancel = undefined;
    },
  };
}
