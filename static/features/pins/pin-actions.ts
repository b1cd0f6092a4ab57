/** Listing, pinning, raising, acknowledging, reminding; and following the rooms whose pins were looked at. A later piece. */
import type { Message } from '#contract/messages.ts';
import type { NoticeReaders } from '#contract/pins.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { checkedRows } from '../messages/checked-rows.ts';
import type { CheckedRowsDeps } from '../messages/checked-rows.ts';
import { messageName, sealedEntry } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { createFoldedNotices } from './folded-notices.ts';
import { isNews, listedPins, noticeKey, withFacts, withRow } from './pin-state.ts';
import type { RoomPins } from './pin-state.ts';
import type { PinsState } from './pin-news.ts';

/** What changes comes with the server's events. */
export type PinActions = {
  /** Asks for a room's pins as they are now, opened; from then on they are followed. */
  load: (roomUid: string) => Promise<Result<void>>;
  pin: (message: Message, isPinned: boolean) => Promise<Result<unknown>>;
  raise: (message: Message, isRaised: boolean) => Promise<Result<unknown>>;
  acknowledge: (message: Message) => Promise<Result<unknown>>;
  readers: (message: Message) => Promise<Result<NoticeReaders>>;
  /** Gives how many people were reminded. */
  remind: (message: Message) => Promise<Result<{ remindedAt: number; people: number }>>;
  /** Folds a notice away until it changes, or unfolds it (null); kept in this browser. */
  fold: (roomUid: string, notice: MessageEntry | null) => Promise<Result<void>>;
};

export type PinDeps = CheckedRowsDeps & {
  connection: Pick<Connection, 'call' | 'on'>;
  rooms: ReadableStore<RoomsState>;
  pins: Store<PinsState>;
  storage: Pick<ClientStorage, 'getValue' | 'putValue'>;
  userUid: string;
  onStop: (stop: () => void) => void;
};

const placeOf = (message: Message) => ({ roomUid: message.roomUid, message: messageName(message) });

export function createPinActions(deps: PinDeps): PinActions {
  const { rooms, pins } = deps;
  const { call, on } = deps.connection;
  const folded = createFoldedNotices(deps);
  /** Rooms that are being asked for, with the rows that were heard of meanwhile. */
  const heardByRoom = new Map<string, Message[]>();
  let revByRoom: ReadonlyMap<string, number> = new Map();
  const loads = new Map<string, Promise<Result<void>>>();

  const changeRoom = (roomUid: string, change: (room: RoomPins) => RoomPins): void => {
    const known = pins.get().byRoom.get(roomUid);
    if (known === undefined) return;
    const next = change(known);
    if (next !== known) pins.patch({ byRoom: new Map(pins.get().byRoom).set(roomUid, next) });
  };

  /** Shows a changed row at once; what it says follows when it is opened. */
  const take = (row: Message): void => {
    const { roomUid } = row;
    const known = pins.get().byRoom.get(roomUid);
    if (known === undefined || !isNews(known, revByRoom.get(roomUid) ?? 0, row)) return;
    const room = rooms.get().byUid.get(roomUid)?.room;
    const before = known.entries.get(messageName(row));
    const isSameText = before?.message.envelope === row.envelope;
    const entry = isSameText && before !== undefined ? { ...before, message: row } : sealedEntry(row);
    changeRoom(roomUid, (state) => withRow(state, entry, room));
    if (!isSameText && row.pin !== undefined) drop(openLater(row));
  };
  const openLater = async (row: Message): Promise<void> => {
    const [opened] = await checkedRows(deps, row.roomUid, [row]);
    const present = pins.get().byRoom.get(row.roomUid)?.entries.get(messageName(row));
    if (opened === undefined || present?.message.envelope !== row.envelope) return;
    const { message } = present;
    changeRoom(row.roomUid, (state) => ({
      ...state,
      entries: new Map(state.entries).set(messageName(row), { message, content: opened.content }),
    }));
  };

  const loadOnce = async (roomUid: string): Promise<Result<void>> => {
    heardByRoom.set(roomUid, []);
    const result = await call('pin:list', { roomUid });
    if (result.ok) {
      const { messages, notices, rev } = result.value;
      const entries = await checkedRows(deps, roomUid, messages);
      const key = await folded.of(roomUid);
      revByRoom = new Map(revByRoom).set(roomUid, rev);
      pins.patch({ byRoom: new Map(pins.get().byRoom).set(roomUid, listedPins(entries, notices, key)) });
    }
    const heard = heardByRoom.get(roomUid) ?? [];
    heardByRoom.delete(roomUid);
    for (const row of heard) take(row);
    return result.ok ? succeed(undefined) : result;
  };
  const load = (roomUid: string): Promise<Result<void>> => {
    const running = loads.get(roomUid);
    if (running !== undefined) return running;
    const started = loadOnce(roomUid).finally(() => loads.delete(roomUid));
    loads.set(roomUid, started);
    return started;
  };

  const undo = [
    on('message:changed', ({ message }) => {
      const heard = heardByRoom.get(message.roomUid);
      if (heard === undefined) take(message);
      else heard.push(message);
    }),
    on('notice:counted', ({ roomUid, message, acknowledged, people }) =>
      changeRoom(roomUid, (room) => withFacts(room, message, { acknowledged, people })),
    ),
    on('notice:acknowledged', ({ roomUid, message }) =>
      changeRoom(roomUid, (room) => withFacts(room, message, { isAcknowledged: true })),
    ),
  ];
  deps.onStop(() => {
    for (const stop of undo) stop();
  });

  return {
    load,
    pin: (message, isPinned) => call(isPinned ? 'pin:add' : 'pin:remove', placeOf(message)),
    raise: (message, isRaised) => call(isRaised ? 'notice:raise' : 'notice:lower', placeOf(message)),
    acknowledge: (message) => call('notice:acknowledge', placeOf(message)),
    readers: (message) => call('notice:readers', placeOf(message)),
    remind: (message) => call('notice:remind', placeOf(message)),
    fold: async (roomUid, notice) => {
      const key = notice === null ? null : noticeKey(notice);
      changeRoom(roomUid, (room) => ({ ...room, folded: key }));
      await folded.put(roomUid, key);
      return succeed(undefined);
    },
  };
}
