import type { MessageContent } from '../messages/message-state.ts';

/** A message worth telling the user about: it came from somebody else and the room is not being looked at. */
export type MessageNotice = {
  roomUid: string;
  senderUid: string;
  seq: number;
  content: MessageContent;
};

/** A memo came; what it says is for whoever opens it. */
export type MemoNotice = { memoUid: string; senderUid: string };

export type IncomingNotice = MessageNotice | MemoNotice;

/** `(3) Maru`: what the page's title is while something is unread. */
export const titleWithUnread = (title: string, unread: number): string =>
  unread === 0 ? title : `(${unread > 999 ? '999+' : unread}) ${title}`;

/** The number on the favicon; two characters are all that is legible. */
export const badgeText = (unread: number): string => (unread > 99 ? '99+' : String(unread));
