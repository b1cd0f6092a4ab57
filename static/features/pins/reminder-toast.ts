/** Says that somebody waits for me to acknowledge a notice. */
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { roomTitle } from '../rooms/room-state.ts';

/**
 * Once, for the newest reminder after `told.at`: what I have not acknowledged is told anew at each start. Gives the toast's
 * subject; null if there was nothing to tell.
 */
export function tellReminder(
  { app, locale, toasts }: PageContext,
  told: { at: number },
  onOpen: (roomUid: string) => void,
): string | null {
  const newest = app.stores.pins
    .get()
    .reminders.filter(({ at }) => at > told.at)
    .pop();
  const room = app.stores.rooms.get().byUid.get(newest?.roomUid ?? '')?.room;
  if (newest === undefined || room === undefined) return null;
  told.at = newest.at;
  const { roomUid, message } = newest;
  const title = roomTitle(room, app.stores.people.get().byUid, meUidOf(app.stores.account.get()) ?? '');
  toasts.show({
    text: locale.t('notices.reminder', { room: title }),
    action: { label: locale.t('rooms.openNow'), onClick: () => onOpen(roomUid) },
    subject: message,
  });
  return message;
}
