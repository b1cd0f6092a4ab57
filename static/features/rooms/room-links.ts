/** The addresses in opened rows. Pure. */
import { splitLinks } from '../../ui/linked-text.ts';
import type { MessageEntry } from '../messages/message-state.ts';

export type RoomLink = { href: string; text: string; seq: number; senderUid: string; sentAt: number };

/** Newest first; an address that was sent several times stands where it was sent last. */
export function linksOf(entries: readonly MessageEntry[]): RoomLink[] {
  const links = new Map<string, RoomLink>();
  for (const { content, message } of [...entries].reverse()) {
    if (content.state !== 'open') continue;
    for (const part of splitLinks(content.text)) {
      if (part.kind !== 'link' || links.has(part.href)) continue;
      const { seq, senderUid, sentAt } = message;
      links.set(part.href, { href: part.href, text: part.text, seq, senderUid, sentAt });
    }
  }
  return [...links.values()];
}
