import { personName } from '../../ui/person-label.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { contentPreview } from './content-preview.ts';
import type { RoomEntry } from '../rooms/room-state.ts';

/** More than this at once (after a reconnect) is said as a number. */
const spokenOneByOne = 3;

/**
 * Tells screen readers of messages that arrive in the open room: name and text first, then the time, each row once,
 * however often it is drawn. Rows that were there when the room was opened are silent.
 */
export function createNewMessageVoice({ app, locale, announce }: PageContext, roomUid: string) {
  let spokenSeq = app.stores.rooms.get().byUid.get(roomUid)?.room.lastSeq ?? 0;
  const hear = (entry: RoomEntry): void => {
    const meUid = meUidOf(app.stores.account.get());
    const fresh = entry.tail.filter(({ message }) => message.seq > spokenSeq);
    // A sealed row is waited for: it will be heard when it is open (or known to be unreadable).
    const firstSealed = fresh.findIndex(({ content }) => content.state === 'sealed');
    const ready = firstSealed < 0 ? fresh : fresh.slice(0, firstSealed);
    const last = ready[ready.length - 1];
    if (last === undefined) return;
    spokenSeq = last.message.seq;
    const theirs = ready.filter(({ message }) => message.senderUid !== meUid);
    if (theirs.length > spokenOneByOne) {
      announce(locale.t('chat.announceMany', { count: theirs.length }));
      return;
    }
    for (const { message, content } of theirs) {
      const name = personName(locale, app.stores.people.get().byUid.get(message.senderUid));
      const isText = content.state === 'open' && content.pollOptions === undefined;
      const text = isText ? content.text : contentPreview(content, locale);
      announce(locale.t('chat.announce', { name, text, time: locale.time(message.sentAt) }));
    }
  };
  return { hear };
}
