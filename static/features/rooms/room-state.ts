/** Rooms as this client holds them, and everything a list or a header shows of them. No DOM. */
import type { Person } from '#contract/accounts.ts';
import type { MyRoom } from '#contract/my-items.ts';
import type { RoomRole } from '#contract/room-settings.ts';
import type { Member, Room } from '#contract/rooms.ts';
import type { EpochChange, RoomVerdict } from '../../crypto/index.ts';
import type { FailureCode } from '../../state/failure.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { callsMe } from '../messages/mention-text.ts';
import { isNoticeWanted } from '../notifications/notice-rules.ts';

export type RoomEntry = {
  /** As the server last reported it; `room.rev` is the revision this entry has. */
  room: Room;
  /** Contiguous rows that end at `room.lastSeq`. */
  tail: readonly MessageEntry[];
  /** Contiguous rows somewhere else, after a jump; null: the tail is on screen. */
  detached: readonly MessageEntry[] | null;
  /** The oldest row that I may read is loaded (into whichever of the two is on screen). */
  isStartReached: boolean;
  loading: 'before' | 'after' | 'around' | null;
  loadFailure: FailureCode | null;
  /** Where the new-messages line goes: the first seq that was unread when the room was opened; null: no line. */
  newLineSeq: number | null;
  keys: RoomKeys;
};

export type RoomKeys = {
  /** What the crypto engine says of the room's records; null until it was asked. */
  verdict: RoomVerdict | null;
  /** Joined/left lines of all epochs loaded so far, ascending. */
  changes: readonly EpochChange[];
  /** This client is making the next epoch right now. */
  isRekeying: boolean;
};

export type RoomsState = {
  byUid: ReadonlyMap<string, RoomEntry>;
  /** True once the cache or the server has said which rooms there are: before, the list shows skeletons. */
  isLoaded: boolean;
  openRoomUid: string | null;
};

export const emptyRooms = (): RoomsState => ({ byUid: new Map(), isLoaded: false, openRoomUid: null });

export const newRoomEntry = (room: Room, tail: readonly MessageEntry[]): RoomEntry => ({
  room,
  tail,
  detached: null,
  isStartReached: false,
  loading: null,
  loadFailure: null,
  newLineSeq: null,
  keys: { verdict: null, changes: [], isRekeying: false },
});

export const withRoom = (state: RoomsState, entry: RoomEntry): RoomsState => {
  if (state.byUid.get(entry.room.roomUid) === entry) return state;
  return { ...state, byUid: new Map(state.byUid).set(entry.room.roomUid, entry) };
};

export const withoutRoom = (state: RoomsState, roomUid: string): RoomsState => {
  if (!state.byUid.has(roomUid)) return state;
  const byUid = new Map(state.byUid);
  byUid.delete(roomUid);
  return { ...state, byUid, openRoomUid: state.openRoomUid === roomUid ? null : state.openRoomUid };
};

export const memberOf = (room: Room, userUid: string): Member | undefined =>
  room.members.find((member) => member.userUid === userUid);

/** What this person is in the room; a `member` if they are not in it at all. */
export const roleOf = (room: Room, userUid: string): RoomRole => memberOf(room, userUid)?.role ?? 'member';

/** Owner or admin. */
export const isAdministrator = (room: Room, userUid: string): boolean => roleOf(room, userUid) !== 'member';

/** In an announcement room only its owner and admins write. */
export const mayPost = (room: Room, userUid: string): boolean =>
  room.policies.post === 'everyone' || isAdministrator(room, userUid);

/** Where the room's picture is; null if it has none. */
export const pictureOf = ({ roomUid, pictureHash }: Pick<Room, 'roomUid' | 'pictureHash'>): string | null =>
  pictureHash === null ? null : `/api/rooms/${roomUid}/picture/${pictureHash}`;

/** The first seq this person may read. */
export const firstReadableSeq = (room: Room, userUid: string): number =>
  Math.max(1, memberOf(room, userUid)?.joinedSeq ?? 1);

/**
 * The one definition of unread: everything that I may read above my cursor or, if that is earlier, from where I marked the
 * room as unread.
 */
export const unreadCount = (room: Room, meUid: string, { unreadFrom }: MyRoom = {}): number => {
  const member = memberOf(room, meUid);
  if (member === undefined) return 0;
  const readSeq = Math.min(member.readSeq, (unreadFrom ?? Infinity) - 1);
  return Math.max(0, room.lastSeq - Math.max(readSeq, member.joinedSeq - 1));
};

/** Put away, and nothing has come since. */
export const isHiddenRoom = (room: Room, { hiddenSeq }: MyRoom = {}): boolean =>
  hiddenSeq !== undefined && room.lastSeq <= hiddenSeq;

export type VisibleRows = { entries: readonly MessageEntry[]; hasBefore: boolean; hasAfter: boolean };

/** What the message list shows: the tail, or the rows around a jump. */
export const visibleRows = (entry: RoomEntry, meUid: string): VisibleRows => {
  const entries = entry.detached ?? entry.tail;
  const lowest = firstReadableSeq(entry.room, meUid);
  const firstSeq = entries[0]?.message.seq ?? entry.room.lastSeq + 1;
  return {
    entries,
    hasBefore: !entry.isStartReached && firstSeq > lowest,
    hasAfter: entry.detached !== null,
  };
};

/** The other person of a direct room; null in groups and in a room with oneself. */
export const otherPersonUid = (room: Room, meUid: string): string | null =>
  room.type === 'direct' ? (room.members.find((member) => member.userUid !== meUid)?.userUid ?? null) : null;

/** A conversation with oneself. A direct room of somebody whose account is gone still has two members. */
export const isSelfRoom = (room: Room): boolean => room.type === 'direct' && room.members.length === 1;

/** A group's title, or the other person's name; empty if that person is unknown or gone (the view has the words). */
export const roomTitle = (room: Room, peopleByUid: ReadonlyMap<string, Person>, meUid: string): string => {
  if (room.type === 'group') return room.title;
  return peopleByUid.get(otherPersonUid(room, meUid) ?? meUid)?.displayName ?? '';
};

/** Server time of the last thing that happened here: a message, my joining, or the room's beginning. */
export const lastActivityAt = (entry: RoomEntry, meUid: string): number =>
  Math.max(
    entry.tail[entry.tail.length - 1]?.message.sentAt ?? 0,
    memberOf(entry.room, meUid)?.joinedAt ?? 0,
    entry.room.createdAt,
  );

/** Whether somebody calls me in what is unread, as far back as its rows are here. */
export const hasUnreadCall = (entry: RoomEntry, meUid: string, settings?: MyRoom): boolean => {
  const unread = unreadCount(entry.room, meUid, settings);
  if (unread === 0) return false;
  const firstSeq = entry.room.lastSeq - unread + 1;
  return entry.tail.some(({ message }) => message.seq >= firstSeq && callsMe(message, meUid));
};

/** One line of the room list. */
export type RoomListItem = {
  roomUid: string;
  type: Room['type'];
  title: string;
  picture: string | null;
  /** Set in a direct room. */
  otherUid: string | null;
  memberCount: number;
  lastActivityAt: number;
  lastMessage: MessageEntry | null;
  unread: number;
  /** Among what is unread somebody calls me. */
  isCalled: boolean;
  /** My place for it among my favourites; null for a room that is none. */
  favouriteRank: number | null;
  isHidden: boolean;
  /** The room's keys cannot be trusted or used at present. */
  isQuarantined: boolean;
};

/** The room list, hidden rooms included: my favourites in my order, then last activity first. */
export const roomListItems = (
  state: RoomsState,
  peopleByUid: ReadonlyMap<string, Person>,
  meUid: string,
  mine: ReadonlyMap<string, MyRoom> = new Map(),
): RoomListItem[] =>
  [...state.byUid.values()]
    .map((entry) => ({
      roomUid: entry.room.roomUid,
      type: entry.room.type,
      title: roomTitle(entry.room, peopleByUid, meUid),
      picture: pictureOf(entry.room),
      otherUid: otherPersonUid(entry.room, meUid),
      memberCount: entry.room.members.length,
      lastActivityAt: lastActivityAt(entry, meUid),
      lastMessage: entry.tail[entry.tail.length - 1] ?? null,
      unread: unreadCount(entry.room, meUid, mine.get(entry.room.roomUid)),
      isCalled: hasUnreadCall(entry, meUid, mine.get(entry.room.roomUid)),
      favouriteRank: mine.get(entry.room.roomUid)?.favouriteRank ?? null,
      isHidden: isHiddenRoom(entry.room, mine.get(entry.room.roomUid)),
      isQuarantined: entry.keys.verdict?.status === 'quarantined',
    }))
    .sort(
      (left, right) =>
        compareRanks(left.favouriteRank, right.favouriteRank) ||
        right.lastActivityAt - left.lastActivityAt ||
        (left.roomUid < right.roomUid ? -1 : 1),
    );

const compareRanks = (left: number | null, right: number | null): number =>
  left === right ? 0 : (left ?? Infinity) - (right ?? Infinity);

/** For title and favicon: unread messages of all rooms that I did not put away and whose messages I want to be told of. */
export const totalUnread = (
  state: RoomsState,
  meUid: string,
  mine: ReadonlyMap<string, MyRoom>,
  now: number,
): number => {
  let total = 0;
  for (const entry of state.byUid.values()) {
    const { room } = entry;
    const settings = mine.get(room.roomUid);
    if (isHiddenRoom(room, settings) || !isNoticeWanted(settings, now, hasUnreadCall(entry, meUid, settings)))
      continue;
    total += unreadCount(room, meUid, settings);
  }
  return total;
};
