/** Opening, making and changing rooms. The list itself changes by server events only. */
import type { MyRoom } from '#contract/my-items.ts';
import type { Room, RoomState } from '#contract/rooms.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { drop } from '../../state/drop.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import { idleRoom } from '../messages/history-state.ts';
import type { MyRoomReading, MyState } from '../my/my-state.ts';
import type { MembershipActions } from './membership-actions.ts';
import type { ReadActions } from './read-actions.ts';
import { newEpoch } from './room-keys.ts';
import type { RoomKeys } from './room-keys.ts';
import { withRoomState } from './room-revision.ts';
import { isSelfRoom, memberOf, otherPersonUid, unreadCount, withRoom } from './room-state.ts';
import type { RoomEntry, RoomsState } from './room-state.ts';

export type RoomActions = {
  /** Puts a room on screen: checks its keys, opens its rows, sets the new-messages line, loads a first page if needed. */
  open: (roomUid: string) => void;
  close: () => void;
  /** The existing conversation with this person, or a new one. */
  createDirect: (userUid: string) => Promise<Result<{ roomUid: string }>>;
  /** `history`: whoever joins later reads what was written before. */
  createGroup: (
    title: string,
    userUids: readonly string[],
    history?: boolean,
  ) => Promise<Result<{ roomUid: string }>>;
  /** Invitations within two seconds become one epoch; all their callers get the same result. */
  invite: (roomUid: string, userUids: readonly string[]) => Promise<Result<void>>;
  kick: (roomUid: string, userUid: string) => Promise<Result<void>>;
  leave: (roomUid: string) => Promise<Result<void>>;
  rename: (roomUid: string, title: string) => Promise<Result<void>>;
  /** The row is on screen of a visible page: moves my read cursor (debounced). */
  rowSeen: (roomUid: string, seq: number) => void;
  /** The user has seen a name warning of `keys.verdict.nameWarnings`. */
  acknowledgeName: (userUid: string, displayName: string) => Promise<Result<void>>;
  /** The user has seen the warning about a room's title. */
  acknowledgeTitle: (roomUid: string, title: string) => Promise<Result<void>>;
  /** Asks the engine again ("try again" on a room that is waiting or quarantined). */
  recheckKeys: (roomUid: string) => Promise<void>;
};

export type RoomActionsDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'makeFirstEpoch' | 'acknowledgeName' | 'pinRoomTitle'>;
  keys: RoomKeys;
  membership: MembershipActions;
  /** People who were just let in get the keys of the history that they may read. */
  shareKeys: (roomUid: string) => void;
  reading: ReadActions;
  my: ReadableStore<MyState>;
  myReading: MyRoomReading;
  rooms: Store<RoomsState>;
  meUid: string;
  newUid: () => string;
  catchUp: (roomUid: string) => Promise<boolean>;
  loadBefore: (roomUid: string) => Promise<void>;
};

/** A room on screen starts with at least this many rows, if there are as many. */
const firstRows = 30;

export const createRoomActions = (deps: RoomActionsDeps): RoomActions => {
  const { call, rooms, membership } = deps;
  const making = createRoomMaking(deps);
  const isDone = async (asked: Promise<Result<unknown>>): Promise<Result<void>> => {
    const result = await asked;
    return result.ok ? succeed(undefined) : result;
  };
  return {
    ...making,
    open: (roomUid) => openRoom(deps, roomUid),
    close: () => rooms.update(withoutOpenRoom),
    invite: async (roomUid, userUids) => {
      const result = await membership.invite(roomUid, userUids);
      if (result.ok && rooms.get().byUid.get(roomUid)?.room.history === true) deps.shareKeys(roomUid);
      return result;
    },
    kick: membership.kick,
    leave: (roomUid) => isDone(call('room:leave', { roomUid })),
    rename: async (roomUid, title) => {
      // Before it comes back from the server, so that nobody is warned of their own title.
      const pinned = await pinOwnTitle(deps, roomUid, title);
      return pinned.ok ? isDone(call('room:rename', { roomUid, title })) : pinned;
    },
    rowSeen: (roomUid, seq) => {
      deps.reading.rowSeen(roomUid, seq);
      deps.myReading.seen(roomUid, seq);
    },
    acknowledgeName: async (userUid, displayName) => {
      const result = await tryCrypto(() => deps.crypto.acknowledgeName(userUid, displayName));
      if (!result.ok) return result;
      // The warning is part of every verdict about a room of that person.
      for (const { room } of rooms.get().byUid.values()) {
        if (memberOf(room, userUid) !== undefined) drop(deps.keys.accept(room.roomUid, { isForced: true }));
      }
      return succeed(undefined);
    },
    acknowledgeTitle: async (roomUid, title) => {
      const result = await tryCrypto(() => deps.crypto.pinRoomTitle(roomUid, title));
      if (!result.ok) return result;
      drop(deps.keys.accept(roomUid, { isForced: true }));
      return succeed(undefined);
    },
    recheckKeys: async (roomUid) => {
      await deps.catchUp(roomUid);
      await deps.keys.accept(roomUid, { isForced: true });
    },
  };
};

/** Pins a title as the server will store it. */
const pinOwnTitle = (
  { crypto }: Pick<RoomActionsDeps, 'crypto'>,
  roomUid: string,
  typed: string,
): Promise<Result<void>> => tryCrypto(() => crypto.pinRoomTitle(roomUid, typed.normalize('NFC').trim()));

const withoutOpenRoom = (state: RoomsState): RoomsState => {
  if (state.openRoomUid === null) return state;
  const entry = state.byUid.get(state.openRoomUid);
  const next = entry === undefined ? state : withRoom(state, idleRoom(entry));
  return { ...next, openRoomUid: null };
};

const openRoom = (deps: RoomActionsDeps, roomUid: string): void => {
  const { rooms, meUid } = deps;
  const entry = rooms.get().byUid.get(roomUid);
  if (entry === undefined || rooms.get().openRoomUid === roomUid) return;
  const newLineSeq = firstUnreadSeq(entry, meUid, deps.my.get().rooms.get(roomUid));
  deps.myReading.opened(roomUid);
  rooms.update((state) => {
    const closed = withoutOpenRoom(state);
    return { ...withRoom(closed, { ...entry, newLineSeq }), openRoomUid: roomUid };
  });
  drop(fillRoom(deps, roomUid));
};

/** Cursors of the others do not bump the revision, so they are asked for; then a first page if the cache was short. */
const fillRoom = async (deps: RoomActionsDeps, roomUid: string): Promise<void> => {
  const caughtUp = deps.catchUp(roomUid);
  if ((deps.rooms.get().byUid.get(roomUid)?.tail.length ?? 0) < firstRows) await deps.loadBefore(roomUid);
  await caughtUp;
  const tail = deps.rooms.get().byUid.get(roomUid)?.tail ?? [];
  await deps.keys.loadChangesDownTo(roomUid, tail[0]?.message.seq ?? 0);
};

const firstUnreadSeq = (entry: RoomEntry, meUid: string, settings: MyRoom | undefined): number | null => {
  const unread = unreadCount(entry.room, meUid, settings);
  return unread === 0 ? null : entry.room.lastSeq - unread + 1;
};

const createRoomMaking = (deps: RoomActionsDeps): Pick<RoomActions, 'createDirect' | 'createGroup'> => {
  const { call, crypto, rooms, meUid } = deps;

  const make = async (
    type: Room['type'],
    userUids: readonly string[],
    { title, history }: { title?: string; history: boolean },
  ) => {
    const people = await deps.membership.peopleToAdd(userUids);
    if (!people.ok) return people;
    const roomUid = deps.newUid();
    const made = await tryCrypto(() =>
      crypto.makeFirstEpoch({ roomUid, type, history, people: people.value }),
    );
    if (!made.ok) return made;
    const pinned = title === undefined ? succeed(undefined) : await pinOwnTitle(deps, roomUid, title);
    if (!pinned.ok) return pinned;
    const input = { roomUid, type, epoch: newEpoch(made.value), ...(title === undefined ? {} : { title }) };
    const result = await call('room:create', input);
    return result.ok ? reveal(result.value.room) : result;
  };

  /**
   * `room:joined` usually comes before the answer; for a direct room that existed already it does not come at all. So that
   * the caller can open the room at once, the server's row is put in unless the event was faster.
   */
  const reveal = async (room: Room): Promise<Result<{ roomUid: string }>> => {
    const { roomUid } = room;
    if (!rooms.get().byUid.has(roomUid)) {
      const state: Result<RoomState> = await call('room:get', { roomUid });
      if (!state.ok) return state;
      rooms.update((all) => withRoom(all, withRoomState(all.byUid.get(roomUid), state.value)));
    }
    return succeed({ roomUid });
  };

  return {
    createDirect: async (userUid) => {
      const isSelf = userUid === meUid;
      for (const { room } of rooms.get().byUid.values()) {
        const isWanted = isSelf ? isSelfRoom(room) : otherPersonUid(room, meUid) === userUid;
        if (isWanted) return succeed({ roomUid: room.roomUid });
      }
      // A direct room has history 1: it rekeys only when an identity changed.
      return make('direct', isSelf ? [] : [userUid], { history: true });
    },
    createGroup: (title, userUids, history = false) =>
      make(
        'group',
        [...new Set(userUids)].filter((uid) => uid !== meUid),
        { title, history },
      ),
  };
};
