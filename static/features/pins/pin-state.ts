/** The pins and notices of a room as they are now, and what may be done with them. No DOM. */
import { mayPin, mayRaise } from '#contract/pin.ts';
import type { Message } from '#contract/messages.ts';
import type { NoticeState } from '#contract/pins.ts';
import type { Room } from '#contract/rooms.ts';
import { messageName } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { isAdministrator, roleOf } from '../rooms/room-state.ts';

export type NoticeFacts = Omit<NoticeState, 'message'>;

export type RoomPins = {
  /** By the names of the messages. */
  entries: ReadonlyMap<string, MessageEntry>;
  notices: ReadonlyMap<string, NoticeFacts>;
  /** The notice that I folded away, as it was then (`noticeKey`); null: none. */
  folded: string | null;
};

/** Names a notice as it is: another text, or being raised anew, makes it another one. */
export const noticeKey = ({ message }: MessageEntry): string =>
  `${messageName(message)} ${message.n} ${message.pin?.notice?.at ?? 0}`;

export const emptyRoomPins = (): RoomPins => ({ entries: new Map(), notices: new Map(), folded: null });

/** What the server has just listed, with the rows that were heard of since it was asked. */
export const listedPins = (
  entries: readonly MessageEntry[],
  notices: readonly NoticeState[],
  folded: string | null,
): RoomPins => ({
  entries: new Map(entries.map((entry) => [messageName(entry.message), entry])),
  notices: new Map(notices.map(({ message, ...facts }) => [message, facts])),
  folded,
});

/** Whether a row that was heard of says something that is not known yet. */
export const isNews = (pins: RoomPins, listRev: number, row: Message): boolean => {
  const known = pins.entries.get(messageName(row));
  if (known !== undefined) return row.rev > known.message.rev;
  return row.pin !== undefined && row.rev > listRev;
};

/** How many are asked to acknowledge a notice that nobody has acknowledged yet. */
const askedPeople = (room: Room | undefined, { seq, senderUid }: Message): number =>
  room?.members.filter((member) => member.joinedSeq <= seq && member.userUid !== senderUid).length ?? 0;

/** A row as it is now; without a pin it goes. */
export function withRow(pins: RoomPins, entry: MessageEntry, room: Room | undefined): RoomPins {
  const name = messageName(entry.message);
  const { pin } = entry.message;
  const before = pins.entries.get(name)?.message.pin?.notice;
  const entries = new Map(pins.entries);
  const notices = new Map(pins.notices);
  if (pin === undefined) entries.delete(name);
  else entries.set(name, entry);
  if (pin?.notice === undefined) notices.delete(name);
  else if (before?.at !== pin.notice.at || !notices.has(name)) {
    const people = askedPeople(room, entry.message);
    notices.set(name, { acknowledged: 0, people, isAcknowledged: false });
  }
  return { ...pins, entries, notices };
}

/** More is known of a notice, if it is one. */
export function withFacts(pins: RoomPins, name: string, facts: Partial<NoticeFacts>): RoomPins {
  const known = pins.notices.get(name);
  if (known === undefined) return pins;
  return { ...pins, notices: new Map(pins.notices).set(name, { ...known, ...facts }) };
}

const isNotice = ({ message }: MessageEntry): boolean => message.pin?.notice !== undefined;
const raisedAt = ({ message }: MessageEntry): number => message.pin?.notice?.at ?? 0;
const pinnedAt = ({ message }: MessageEntry): number => message.pin?.at ?? 0;

/** The newest first. */
export const noticesOf = (pins: RoomPins): MessageEntry[] =>
  [...pins.entries.values()].filter(isNotice).sort((left, right) => raisedAt(right) - raisedAt(left));

/** Those that are no notices, the newest pin first. */
export const plainPinsOf = (pins: RoomPins): MessageEntry[] =>
  [...pins.entries.values()]
    .filter((entry) => !isNotice(entry))
    .sort((left, right) => pinnedAt(right) - pinnedAt(left));

/** I am asked to acknowledge it and have not. */
export const isAsked = (pins: RoomPins, { message }: MessageEntry, meUid: string): boolean =>
  message.senderUid !== meUid && pins.notices.get(messageName(message))?.isAcknowledged === false;

/** The one above the conversation: the newest that I am asked to acknowledge, else the newest. */
export function shownNotice(pins: RoomPins, meUid: string): MessageEntry | null {
  const notices = noticesOf(pins);
  return notices.find((entry) => isAsked(pins, entry, meUid)) ?? notices[0] ?? null;
}

/** What I may do with a message of this room as far as pinning goes. */
export const pinRights = (room: Room, message: Message, meUid: string) => {
  const role = roleOf(room, meUid);
  const canRaise = mayRaise(role, room.policies, room.members.length);
  return {
    // unpinning a notice lowers it
    canPin: message.pin?.notice === undefined ? mayPin(role, room.policies) : canRaise,
    canRaise,
    /** Who has acknowledged it is for its author and whoever looks after the room. */
    canSeeReaders: message.senderUid === meUid || isAdministrator(room, meUid),
  };
};
