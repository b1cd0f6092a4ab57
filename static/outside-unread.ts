/** The number of what is unread, in the page's title and on its icon. */
import type { RunningApp } from './app.ts';
import { meUidOf } from './features/account/account-state.ts';
import { createTitleBadge } from './features/notifications/title-badge.ts';
import { totalUnread } from './features/rooms/room-state.ts';
import { realTimers } from './state/timers.ts';

export function showUnreadOutside(app: RunningApp): void {
  const { rooms, my, memos, pins, account } = app.stores;
  const showUnread = createTitleBadge(document, realTimers);
  const show = (): void => {
    const meUid = meUidOf(account.get()) ?? '';
    const unread = totalUnread(rooms.get(), meUid, my.get().rooms, app.clock.now());
    showUnread(unread + memos.get().unread + pins.get().reminders.length);
  };
  for (const store of [rooms, my, memos, pins]) store.subscribe((state: unknown) => state, show);
  // A mute ends by itself.
  setInterval(show, 60_000);
  show();
}
