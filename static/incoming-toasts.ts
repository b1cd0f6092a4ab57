import { contentPreview } from './features/messages/content-preview.ts';
import { roomTitle } from './features/rooms/room-state.ts';
import { meUidOf } from './features/account/account-state.ts';
import type { MemoNotice } from './features/notifications/notification-state.ts';
import type { PageContext } from './page-context.ts';
import { drop } from './state/drop.ts';
import { personName } from './ui/person-label.ts';

/**
 * In-page notices of messages in other rooms, one per room; a press opens the room, and so does away with the notice.
 * Where the list of rooms is all there is on screen (a phone), it shows the news itself.
 */
export function listenToIncoming(
  context: PageContext,
  isListOnly: () => boolean,
  onOpen: (roomUid: string) => void,
  onOpenMemo: (memoUid: string) => void,
): () => void {
  const { app, locale, toasts, announce } = context;
  const shownUids = new Set<string>();
  const stopOpening = app.stores.rooms.subscribe(
    (state) => state.openRoomUid,
    (roomUid) => roomUid !== null && toasts.remove(roomUid),
  );
  const tellMemo = ({ memoUid, senderUid }: MemoNotice): void => {
    const name = personName(locale, app.stores.people.get().byUid.get(senderUid));
    const action = { label: locale.t('rooms.openNow'), onClick: () => onOpenMemo(memoUid) };
    shownUids.add(memoUid);
    toasts.show({ text: locale.t('memos.incoming', { name }), action, subject: memoUid, isShort: true });
  };
  const told = { at: 0 };
  let isOver = false;
  const tellReminders = (): void => {
    if (app.stores.pins.get().reminders.length === 0) return;
    const tell = async (): Promise<void> => {
      const { tellReminder } = await context.later.load('pins');
      const subject = isOver ? null : tellReminder(context, told, onOpen);
      if (subject !== null) shownUids.add(subject);
    };
    // Where the piece cannot be had the number in the page's title has said it.
    drop(tell().catch(() => undefined));
  };
  const stopReminders = app.stores.pins.subscribe(({ reminders }) => reminders, tellReminders);
  tellReminders();
  const stopIncoming = app.onIncoming((notice) => {
    if ('memoUid' in notice) {
      tellMemo(notice);
      return;
    }
    const { roomUid, senderUid, content } = notice;
    const { byUid: people } = app.stores.people.get();
    const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
    const name = personName(locale, people.get(senderUid));
    const where =
      room === undefined || room.type === 'direct'
        ? name
        : locale.t('common.separator', {
            first: roomTitle(room, people, meUidOf(app.stores.account.get()) ?? ''),
            second: name,
          });
    const news = locale.t('rooms.by', { name: where, text: contentPreview(content, locale) });
    if (isListOnly()) {
      announce(news);
      return;
    }
    const action = { label: locale.t('rooms.openNow'), onClick: () => onOpen(roomUid) };
    shownUids.add(roomUid);
    toasts.show({ text: news, action, subject: roomUid, isShort: true });
  });
  return () => {
    stopOpening();
    stopIncoming();
    stopReminders();
    isOver = true;
    // Whoever comes to the screen after a sign-out must not read them.
    for (const roomUid of shownUids) toasts.remove(roomUid);
  };
}
