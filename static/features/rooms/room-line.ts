/** What one line of the room list says, computed apart from the page so that only lines that changed are drawn. */
import type { Person } from '#contract/accounts.ts';
import type { AppStores } from '../../app-types.ts';
import { isSealed } from '../../connection/outbox-state.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { Locale } from '../../locales/locale.ts';
import { personHandle, personName, sharedNames } from '../../ui/person-label.ts';
import { fullStatus, shownStatus } from '../../ui/person-status.ts';
import { meUidOf } from '../account/account-state.ts';
import { contentPreview, oneLine, openPreview } from '../messages/content-preview.ts';
import { isNoticeWanted } from '../notifications/notice-rules.ts';
import { roomListItems } from './room-state.ts';
import type { RoomListItem } from './room-state.ts';

export type RoomLine = {
  roomUid: string;
  /** Chooses the avatar's tone: the other person in a direct room, the room itself otherwise. */
  toneId: string;
  title: string;
  picture: string | null;
  /** Tells namesakes apart; empty if there are none. */
  handle: string;
  memberCount: number;
  time: string;
  /** Whose words the preview is, in a group; empty where nobody needs to be named. */
  sender: string;
  preview: string;
  mark: 'none' | 'draft' | 'waiting' | 'failed' | 'quarantined';
  unread: number;
  /** Among what is unread somebody calls me. */
  isCalled: boolean;
  isFavourite: boolean;
  isHidden: boolean;
  /** Its unread messages are counted here and nowhere else. */
  isQuiet: boolean;
  /** Not even mentions are told. */
  isSilent: boolean;
  /** How many ask to be let in, for those who may answer. */
  asking: number;
  /** The other person of a direct room, whose safety number I compared. */
  isVerified: boolean;
  isOnline: boolean;
  isAway: boolean;
  /** What the other person of a direct room says of themselves, and the same with its end. */
  status: string;
  statusTitle: string;
  isOpen: boolean;
};

export type RoomLineInput = { stores: AppStores; locale: Locale; now: number };

/** All lines, those of hidden rooms included: favourites in their order, then last activity first. */
export function roomLines({ stores, locale, now }: RoomLineInput): RoomLine[] {
  const rooms = stores.rooms.get();
  const { byUid: people } = stores.people.get();
  const { onlineUids, awayUids } = stores.presence.get();
  const { verifiedUids } = stores.trust.get();
  const meUid = meUidOf(stores.account.get()) ?? '';
  const namesakes = sharedNames(people.values());
  const asking = stores.joinRequests.get();
  const lastOutboxByRoom = new Map<string, OutboxItem>();
  for (const item of stores.outbox.get().items) {
    const known = lastOutboxByRoom.get(item.roomUid);
    if (known?.state.name !== 'failed') lastOutboxByRoom.set(item.roomUid, item);
  }
  const { textByRoom } = stores.drafts.get();
  const mine = stores.my.get().rooms;

  return roomListItems(rooms, people, meUid, mine).map((item) => {
    const settings = mine.get(item.roomUid);
    const other = item.otherUid === null ? undefined : people.get(item.otherUid);
    const isOpen = rooms.openRoomUid === item.roomUid;
    const draft = isOpen ? '' : (textByRoom.get(item.roomUid) ?? '');
    const outboxItem = lastOutboxByRoom.get(item.roomUid) ?? null;
    const senderUid = shownSenderUid(item, draft, outboxItem, meUid);
    return {
      roomUid: item.roomUid,
      toneId: item.otherUid ?? item.roomUid,
      title: titleOf(item, other, locale),
      picture: item.picture,
      handle: other !== undefined && namesakes.has(other.displayName) ? personHandle(other) : '',
      memberCount: item.type === 'group' ? item.memberCount : 0,
      time: locale.moment(item.lastActivityAt, now),
      sender: senderUid === null ? '' : personName(locale, people.get(senderUid)),
      preview: previewOf(item, draft, outboxItem, meUid, locale),
      mark: markOf(item, draft, outboxItem),
      unread: item.unread,
      isFavourite: item.favouriteRank !== null,
      isHidden: item.isHidden,
      isCalled: item.isCalled,
      isQuiet: !isNoticeWanted(settings, now, item.isCalled),
      isSilent: !isNoticeWanted(settings, now, true),
      asking: asking.waiting.filter(({ roomUid }) => roomUid === item.roomUid).length,
      isVerified: verifiedUids.has(item.otherUid ?? ''),
      isOnline: item.otherUid !== null && onlineUids.has(item.otherUid),
      isAway: item.otherUid !== null && awayUids.has(item.otherUid),
      status: shownStatus(other, now),
      statusTitle: fullStatus(locale, other, now),
      isOpen,
    };
  });
}

function markOf(item: RoomListItem, draft: string, outboxItem: OutboxItem | null): RoomLine['mark'] {
  if (outboxItem?.state.name === 'failed') return 'failed';
  if (item.isQuarantined) return 'quarantined';
  if (outboxItem?.state.name === 'waiting') return 'waiting';
  return draft.trim() === '' ? 'none' : 'draft';
}

/** Who wrote the words of the preview, if that is somebody else in a group. */
function shownSenderUid(
  { lastMessage, type }: RoomListItem,
  draft: string,
  outboxItem: OutboxItem | null,
  meUid: string,
): string | null {
  const isOther = type !== 'group' || draft.trim() !== '' || outboxItem !== null;
  if (isOther || lastMessage?.content.state !== 'open') return null;
  return lastMessage.message.senderUid === meUid ? null : lastMessage.message.senderUid;
}

function titleOf(item: RoomListItem, other: Person | undefined, locale: Locale): string {
  if (item.type === 'group') return item.title;
  return item.otherUid === null && item.memberCount === 1
    ? locale.t('rooms.self')
    : personName(locale, other);
}

function previewOf(
  item: RoomListItem,
  draft: string,
  outboxItem: OutboxItem | null,
  meUid: string,
  locale: Locale,
): string {
  if (draft.trim() !== '') return locale.t('rooms.draft', { text: oneLine(draft) });
  if (outboxItem !== null) {
    const { text, poll } = outboxItem;
    if (isSealed(outboxItem)) return locale.t('rooms.unreadablePreview');
    return locale.t('rooms.mine', { text: openPreview(text, poll !== undefined, locale) });
  }
  const { lastMessage } = item;
  if (lastMessage === null) return locale.t('rooms.noMessages');
  const { content, message } = lastMessage;
  const text = contentPreview(content, locale);
  if (content.state !== 'open') return text;
  if (message.senderUid === meUid) return locale.t('rooms.mine', { text });
  // The name is in an element of its own, which has only a share of the line.
  return item.type === 'group' ? locale.t('rooms.by', { name: '', text }) : text;
}

export const isSameLine = (left: RoomLine, right: RoomLine): boolean =>
  // The keys of a RoomLine, nothing else.
  (Object.keys(left) as (keyof RoomLine)[]).every((key) => left[key] === right[key]);
