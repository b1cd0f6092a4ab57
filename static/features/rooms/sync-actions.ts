/**
 * How this client becomes and stays current: what is stored, then one `session:sync`, then events. A reconnect takes the
 * same path as a start.
 */
import type { RequestOutput } from '#contract/index.ts';
import type { MyChanges } from '#contract/my-items.ts';
import type { NoticeReminder } from '#contract/pins.ts';
import type { ServerPolicies } from '#contract/policies.ts';
import type { Room } from '#contract/rooms.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { Clock } from '../../state/clock.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { withMe } from '../account/account-state.ts';
import type { AccountState } from '../account/account-state.ts';
import { emptyPeople, withPeople } from '../people/person-state.ts';
import type { PeopleState } from '../people/person-state.ts';
import { knownPresence, withPresence } from '../presence/presence-state.ts';
import type { PresenceState } from '../presence/presence-state.ts';
import type { RoomCacheWriter } from './room-cache-writer.ts';
import { entryOfStored } from './room-cache.ts';
import { createRoomFollower } from './room-follower.ts';
import { withinBounds } from '../messages/history-state.ts';
import { withCursors, withRoomChanges, withRoomEvent, withRoomState } from './room-revision.ts';
import { withRoom, withoutRoom } from './room-state.ts';
import type { RoomEntry, RoomsState } from './room-state.ts';

export type SyncDeps = {
  connection: Pick<Connection, 'call' | 'on'>;
  storage: ClientStorage;
  cacheWriter: RoomCacheWriter;
  clock: Clock;
  timers: Timers;
  userUid: string;
  account: Store<AccountState>;
  people: Store<PeopleState>;
  presence: Store<PresenceState>;
  rooms: Store<RoomsState>;
  /** The counters of the stored vault, after each synchronisation. */
  vaultSeen: (counters: { keysCounter: number; pinsCounter: number }) => void;
  /** What was decided for everybody, before the rooms of an answer are applied. */
  policiesSeen: (policies: ServerPolicies) => void;
  /** How many memos I have not opened. */
  memosSeen: (unread: number) => void;
  /** Notices that I was reminded of and have not acknowledged. */
  remindersSeen: (reminders: readonly NoticeReminder[]) => void;
  /** My own items: the revision this browser has, and what an answer brings. */
  my: { rev: () => number | null; apply: (changes: MyChanges) => void };
  /** The server runs under this generation; `isNoticed` if this browser's cache is from another one. */
  generationSeen: (generation: string, isNoticed: boolean) => Promise<void>;
  /** Gives a restored server what it lacks of these rooms; true if it took something. */
  giveBackAll: (known: readonly Room[], server: readonly Room[]) => Promise<boolean>;
  /** The session that this browser has now is another person's. */
  onOtherPerson: () => void;
};

export type SyncActions = {
  /** Shows what this browser kept of the last time. */
  loadCache: () => Promise<void>;
  /** One `session:sync`, applied. */
  synchronise: () => Promise<Result<void>>;
  /** Fetches what changed in one room. */
  catchUp: (roomUid: string) => Promise<boolean>;
  stop: () => void;
};

type SyncAnswer = RequestOutput<'session:sync'>;
type SyncState = { generation: string | null; peopleRev: number };

export const createSyncActions = (deps: SyncDeps): SyncActions => {
  const { connection, storage, userUid, people, rooms } = deps;
  const sync: SyncState = { generation: null, peopleRev: 0 };
  const { call } = connection;

  const changeRoom = (roomUid: string, change: (entry: RoomEntry) => RoomEntry): void => {
    const entry = rooms.get().byUid.get(roomUid);
    if (entry !== undefined) rooms.update((state) => withRoom(state, change(entry)));
  };
  const isOpen = (roomUid: string): boolean => rooms.get().openRoomUid === roomUid;
  const follower = createRoomFollower({
    revOf: (roomUid) => rooms.get().byUid.get(roomUid)?.room.rev ?? null,
    applyEvent: (roomUid, event) =>
      changeRoom(roomUid, (entry) => withinBounds(withRoomEvent(entry, event), isOpen(roomUid))),
    applyChanges: (roomUid, changes) => changeRoom(roomUid, (entry) => withRoomChanges(entry, changes)),
    fetchChanges: (roomUid, rev) => call('room:changes', { roomUid, rev }),
    timers: deps.timers,
  });

  const savePeople = (changed: SyncAnswer['people']): void => {
    if (sync.generation === null) return;
    const saved = { generation: sync.generation, peopleRev: sync.peopleRev };
    // Losing this costs a longer synchronisation at the next start.
    drop(storage.savePeople(userUid, changed, saved).catch(() => undefined));
  };

  const apply = async (answer: SyncAnswer): Promise<void> => {
    follower.reset();
    if (answer.isCacheStale) {
      await storage.dropCache(userUid).catch(() => undefined);
      deps.cacheWriter.forget();
      people.set(emptyPeople());
      rooms.update((state) => ({ ...state, byUid: new Map() }));
    }
    sync.generation = answer.generation;
    sync.peopleRev = answer.peopleRev;
    deps.account.update((state) => withMe(state, answer.me));
    people.update((state) => withPeople(state, [...answer.people, answer.me]));
    deps.presence.set(knownPresence(answer.onlineUids, answer.awayUids));
    deps.policiesSeen(answer.policies);
    deps.memosSeen(answer.unreadMemos);
    rooms.update((state) => withSyncedRooms(state, answer, userUid));
    deps.remindersSeen(answer.reminders);
    deps.my.apply(answer.my);
    savePeople(answer.people);
    deps.vaultSeen(answer);
  };

  const synchronise = async (): Promise<Result<void>> => {
    const before = sync.generation;
    const result = await synchroniseOnce(true);
    if (!result.ok || sync.generation === null) return result;
    await deps.generationSeen(sync.generation, before !== null && before !== sync.generation);
    return result;
  };

  /** Before anything of the cache goes: it says which rooms a restored server has forgotten. */
  const isGivenBack = async (answer: SyncAnswer): Promise<boolean> => {
    if (sync.generation === null || sync.generation === answer.generation) return false;
    const known = [...rooms.get().byUid.values()].map(({ room }) => room);
    return deps.giveBackAll(
      known,
      answer.rooms.map(({ room }) => room),
    );
  };

  const synchroniseOnce = async (mayGiveBack: boolean): Promise<Result<void>> => {
    const askedAt = deps.timers.now();
    const known = [...rooms.get().byUid.values()].map(({ room }) => ({
      roomUid: room.roomUid,
      rev: room.rev,
    }));
    const result = await call(
      'session:sync',
      sync.generation === null
        ? {}
        : { generation: sync.generation, peopleRev: sync.peopleRev, rooms: known, ...myRevOf(deps) },
    );
    if (!result.ok) return result;
    // Somebody else has signed in with this browser's one cookie: nothing of this page may touch their account.
    if (result.value.me.userUid !== userUid) {
      deps.onOtherPerson();
      return fail('CANCELLED');
    }
    if (mayGiveBack && (await isGivenBack(result.value))) return synchroniseOnce(false);
    deps.clock.adjust(result.value.serverTime, askedAt, deps.timers.now());
    await apply(result.value);
    return succeed(undefined);
  };

  const loadCache = async (): Promise<void> => {
    const cache = await storage.loadCache(userUid);
    if (cache.generation === null) return;
    sync.generation = cache.generation;
    sync.peopleRev = cache.peopleRev;
    const entries = cache.rooms.map(entryOfStored).filter((entry) => entry !== null);
    deps.cacheWriter.startFrom(entries);
    people.update((state) => withPeople(state, cache.people));
    rooms.update((state) => ({
      ...state,
      isLoaded: true,
      byUid: new Map(entries.map((entry) => [entry.room.roomUid, entry])),
    }));
  };

  const stopListening = listen(deps, { changeRoom, follower, savePeople });
  const stop = (): void => {
    stopListening();
    follower.reset();
  };
  return { loadCache, synchronise, catchUp: follower.catchUp, stop };
};

const myRevOf = ({ my }: SyncDeps): { myRev?: number } => {
  const myRev = my.rev();
  return myRev === null ? {} : { myRev };
};

/** All rooms of an answer: new ones, changed ones, gone ones, and my own cursors. Pure. */
export const withSyncedRooms = (state: RoomsState, answer: SyncAnswer, meUid: string): RoomsState => {
  const byUid = new Map(state.byUid);
  for (const roomUid of answer.goneRoomUids) byUid.delete(roomUid);
  for (const room of answer.rooms)
    byUid.set(room.room.roomUid, withRoomState(byUid.get(room.room.roomUid), room));
  for (const changes of answer.changes) {
    const entry = byUid.get(changes.roomUid);
    if (entry !== undefined) byUid.set(changes.roomUid, withRoomChanges(entry, changes));
  }
  for (const { roomUid, readSeq } of answer.myCursors) {
    const entry = byUid.get(roomUid);
    if (entry === undefined) continue;
    byUid.set(roomUid, { ...entry, room: withCursors(entry.room, [{ userUid: meUid, readSeq }]) });
  }
  const isOpenThere = state.openRoomUid !== null && byUid.has(state.openRoomUid);
  return { byUid, isLoaded: true, openRoomUid: isOpenThere ? state.openRoomUid : null };
};

type Parts = {
  changeRoom: (roomUid: string, change: (entry: RoomEntry) => RoomEntry) => void;
  follower: ReturnType<typeof createRoomFollower>;
  savePeople: (changed: SyncAnswer['people']) => void;
};

const listen = (deps: SyncDeps, { changeRoom, follower, savePeople }: Parts): (() => void) => {
  const { connection, rooms, people, presence, account } = deps;
  const undo = [
    connection.on('message:sent', ({ message }) =>
      follower.receive(message.roomUid, { kind: 'message', rev: message.rev, message }),
    ),
    connection.on('message:changed', ({ message }) =>
      follower.receive(message.roomUid, { kind: 'row', rev: message.rev, message }),
    ),
    connection.on('room:changed', (change) =>
      follower.receive(change.roomUid, { kind: 'changed', rev: change.rev, change }),
    ),
    connection.on('room:joined', (state) => {
      const { roomUid } = state.room;
      rooms.update((all) => withRoom(all, withRoomState(all.byUid.get(roomUid), state)));
    }),
    connection.on('room:gone', ({ roomUid }) => rooms.update((state) => withoutRoom(state, roomUid))),
    connection.on('cursors:moved', ({ roomUid, cursors }) =>
      changeRoom(roomUid, (entry) => {
        const room = withCursors(entry.room, cursors);
        return room === entry.room ? entry : { ...entry, room };
      }),
    ),
    connection.on('presence:changed', (change) =>
      presence.update((state) => withPresence(state, change, deps.clock.now())),
    ),
    connection.on('person:updated', ({ person }) => {
      people.update((state) => withPeople(state, [person]));
      savePeople([person]);
    }),
    connection.on('me:updated', ({ me }) => {
      account.update((state) => withMe(state, me));
      people.update((state) => withPeople(state, [me]));
    }),
  ];
  return () => {
    for (const stop of undo) stop();
  };
};
