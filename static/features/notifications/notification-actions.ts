/** Decides which opened rows are worth a notice: of somebody else, unread, new since this client became current. */
import type { Message } from '#contract/messages.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { MessageContent } from '../messages/message-state.ts';
import { memberOf } from '../rooms/room-state.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import type { IncomingNotice } from './notification-state.ts';

export type Notifier = {
  rowOpened: (message: Message, content: MessageContent) => void;
  /** The first synchronisation is done: what is there now is not news. */
  start: () => void;
};

export const createNotifier = (deps: {
  rooms: ReadableStore<RoomsState>;
  meUid: string;
  /** The page is visible and the window has the focus. */
  isLookedAt: () => boolean;
  /** Whether I want to be told of what is new in this room. */
  isWanted: (roomUid: string, isMention: boolean) => boolean;
  callsMe: (message: Message) => boolean;
  notify: (notice: IncomingNotice) => void;
}): Notifier => {
  const { rooms, meUid } = deps;
  /** The highest seq per room that needs no notice any more; null before the first synchronisation. */
  let toldByRoom: Map<string, number> | null = null;

  return {
    start: () => {
      if (toldByRoom !== null) return;
      toldByRoom = new Map([...rooms.get().byUid].map(([roomUid, { room }]) => [roomUid, room.lastSeq]));
    },
    rowOpened: ({ roomUid, seq, senderUid }, content) => {
      const state = rooms.get();
      const entry = state.byUid.get(roomUid);
      if (toldByRoom === null || entry === undefined || seq <= (toldByRoom.get(roomUid) ?? 0)) return;
      const told = toldByRoom.get(roomUid) ?? 0;
      toldByRoom.set(roomUid, seq);
      // Of a burst only the last row is opened here; any of them may have called me.
      const isNews = (row: Message): boolean => row.seq > told && row.seq <= seq;
      const isMention = entry.tail.some(({ message: row }) => isNews(row) && deps.callsMe(row));
      const isRead = (memberOf(entry.room, meUid)?.readSeq ?? 0) >= seq;
      const isOnScreen = state.openRoomUid === roomUid && entry.detached === null && deps.isLookedAt();
      if (senderUid === meUid || isRead || isOnScreen || !deps.isWanted(roomUid, isMention)) return;
      deps.notify({ roomUid, senderUid, seq, content });
    },
  };
};
