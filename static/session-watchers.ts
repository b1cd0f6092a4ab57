/** What one part of a session has to learn from another: rows that arrived, rooms that became sendable, other tabs. */
import type { AppStoresInside } from './environment.ts';
import { messageName } from './features/messages/message-state.ts';
import { drop } from './state/drop.ts';
import type { OutboxItem } from './connection/outbox-state.ts';
import type { Outbox } from './connection/outbox.ts';
import type { DraftKeeper } from './features/messages/draft-actions.ts';
import type { TabChannel } from './features/tabs/tab-channel.ts';

/** A room that became sendable may have messages waiting. */
export const watchVerdicts = (
  rooms: AppStoresInside['rooms'],
  becameSendable: (roomUid: string) => void,
): (() => void) =>
  rooms.subscribe(
    (state) => state.byUid,
    (byUid, before) => {
      for (const [roomUid, entry] of byUid) {
        const isNews = before.get(roomUid)?.keys.verdict?.status !== 'sendable';
        if (isNews && entry.keys.verdict?.status === 'sendable') becameSendable(roomUid);
      }
    },
  );

/**
 * Somebody in the room on screen has another name or another key now: that is looked at, and shown, before the next message is
 * written, not with it.
 */
export const watchNames = (
  { rooms, people }: Pick<AppStoresInside, 'rooms' | 'people'>,
  look: (roomUid: string) => void,
): (() => void) =>
  people.subscribe(
    (state) => state.byUid,
    (byUid, before) => {
      const { openRoomUid, byUid: entries } = rooms.get();
      const room = entries.get(openRoomUid ?? '')?.room;
      const isOther = ({ userUid }: { userUid: string }): boolean => {
        const [now, known] = [byUid.get(userUid), before.get(userUid)];
        return now?.displayName !== known?.displayName || now?.identityVersion !== known?.identityVersion;
      };
      if (room?.members.some(isOther) === true) look(room.roomUid);
    },
  );

/**
 * Rows of mine that arrived take the place of their outbox rows. So do rows that this client knows of and has not loaded:
 * after a long absence a room begins with its newest rows, and a message acknowledged before is above them.
 */
export const watchOutboxRows = (
  stores: Pick<AppStoresInside, 'rooms' | 'outbox'>,
  outbox: Pick<Outbox, 'rowsArrived'>,
  meUid: string,
): (() => void) => {
  const hasArrived = ({ roomUid, clientId, state }: OutboxItem): boolean => {
    const room = stores.rooms.get().byUid.get(roomUid);
    if (state.name === 'sent') return room === undefined || room.room.lastSeq >= state.seq;
    const name = messageName({ senderUid: meUid, clientId });
    return room?.tail.some((entry) => messageName(entry.message) === name) ?? false;
  };
  const look = (): void => {
    const arrived = stores.outbox.get().items.filter(hasArrived);
    if (arrived.length > 0) outbox.rowsArrived(arrived.map((item) => item.clientId));
  };
  const stops = [
    stores.rooms.subscribe((state) => state.byUid, look),
    // The ack may come after the row, and after everything else that happens in the room.
    stores.outbox.subscribe((state) => state.items, look),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

export const listenToTabs = (
  tabs: TabChannel,
  { outbox, drafts }: { outbox: Outbox; drafts: DraftKeeper },
  userUid: string,
): (() => void) =>
  tabs.listen((message) => {
    if (message.type === 'lease-released') outbox.wake();
    if (!('userUid' in message) || message.userUid !== userUid) return;
    if (message.type === 'draft-changed') drop(drafts.reloadRoom(message.roomUid));
    if (message.type === 'outbox-changed') {
      const takeOver = async (): Promise<void> => {
        await outbox.reload();
        outbox.wake();
      };
      drop(takeOver());
    }
  });
