/**
 * Telling others that one is typing, and learning it of them. Everybody's typing ends by itself six seconds after the last
 * word of it, at once with their message or edit, when they go or leave, and with the connection: the line never sticks.
 */
import { limits } from '#contract/limits.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { emptyTyping, withTyping, withoutTyping } from './typing-state.ts';
import type { TypingState } from './typing-state.ts';

/** Others are told at most this often. */
const tellMs = 3_000;
/** What was told holds so long. */
const holdMs = 6_000;

export type TypingActions = {
  /** Something was typed into the box of a room, by composition, too. */
  typed: (roomUid: string) => void;
  /** What was typed is on its way: the next word is told at once. */
  sent: (roomUid: string) => void;
  /** The connection is gone, and with it everybody's typing. */
  clear: () => void;
  stop: () => void;
};

export const createTypingActions = (deps: {
  connection: Pick<Connection, 'call' | 'on'>;
  rooms: Pick<Store<RoomsState>, 'get'>;
  typing: Store<TypingState>;
  timers: Timers;
  meUid: string;
}): TypingActions => {
  const { connection, typing, timers } = deps;
  const toldAtByRoom = new Map<string, number>();
  /** By room and person: takes back the end of their typing. */
  const endsByName = new Map<string, () => void>();

  const end = (roomUid: string, userUid: string): void => {
    const name = `${roomUid} ${userUid}`;
    endsByName.get(name)?.();
    endsByName.delete(name);
    typing.update((state) => withoutTyping(state, roomUid, userUid));
  };
  const endAll = (userUids: readonly string[]): void => {
    for (const [roomUid, present] of typing.get().uidsByRoom) {
      for (const userUid of present) if (userUids.includes(userUid)) end(roomUid, userUid);
    }
  };
  const begin = (roomUid: string, userUid: string): void => {
    const members = deps.rooms.get().byUid.get(roomUid)?.room.members;
    // Somebody who left since: the event was on its way.
    if (userUid === deps.meUid || members?.some((member) => member.userUid === userUid) !== true) return;
    const name = `${roomUid} ${userUid}`;
    endsByName.get(name)?.();
    endsByName.set(
      name,
      timers.after(holdMs, () => end(roomUid, userUid)),
    );
    typing.update((state) => withTyping(state, roomUid, userUid));
  };
  const clear = (): void => {
    for (const cancel of endsByName.values()) cancel();
    endsByName.clear();
    toldAtByRoom.clear();
    typing.set(emptyTyping());
  };
  const stops = [
    connection.on('typing:started', ({ roomUid, userUid }) => begin(roomUid, userUid)),
    connection.on('message:sent', ({ message }) => end(message.roomUid, message.senderUid)),
    // what was typed may have been an edit
    connection.on('message:changed', ({ message }) => end(message.roomUid, message.senderUid)),
    connection.on('presence:changed', ({ offline }) => endAll(offline)),
    connection.on('room:changed', ({ roomUid, removed }) => {
      for (const userUid of removed) end(roomUid, userUid);
    }),
    connection.on('room:gone', ({ roomUid }) => {
      for (const userUid of typing.get().uidsByRoom.get(roomUid) ?? []) end(roomUid, userUid);
    }),
  ];

  return {
    typed: (roomUid) => {
      const members = deps.rooms.get().byUid.get(roomUid)?.room.members.length ?? 0;
      if (members < 2 || members > limits.typingMembersMax) return;
      const sinceMs = timers.now() - (toldAtByRoom.get(roomUid) ?? Number.NEGATIVE_INFINITY);
      // A clock that was set back does not keep anybody silent.
      if (sinceMs >= 0 && sinceMs < tellMs) return;
      toldAtByRoom.set(roomUid, timers.now());
      // Nobody misses one that does not arrive.
      drop(connection.call('typing:start', { roomUid }));
    },
    sent: (roomUid) => void toldAtByRoom.delete(roomUid),
    clear,
    stop: () => {
      for (const stop of stops) stop();
      clear();
    },
  };
};
