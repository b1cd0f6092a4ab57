/** Putting favourites into another order. A later piece. */
import type { PageContext } from '../../page-context.ts';
import { personName } from '../../ui/person-label.ts';
import { meUidOf } from '../account/account-state.ts';
import { favouriteUids } from '../my/my-state.ts';
import { isSelfRoom, otherPersonUid } from './room-state.ts';

/** The same list with one of its entries somewhere else; the same object if nothing changes. */
export function withMoved(order: readonly string[], roomUid: string, to: number): readonly string[] {
  const from = order.indexOf(roomUid);
  const target = Math.max(0, Math.min(to, order.length - 1));
  if (from < 0 || from === target) return order;
  const rest = order.filter((uid) => uid !== roomUid);
  return [...rest.slice(0, target), roomUid, ...rest.slice(target)];
}

/** Puts a favourite at a place, counted from 0, and says where it is now. */
export async function placeFavourite(context: PageContext, roomUid: string, to: number): Promise<void> {
  const { app, locale, toasts, announce } = context;
  const order = favouriteUids(app.stores.my.get());
  // A favourite whose room I have left is in nobody's way; it is none any more afterwards.
  const present = order.filter((uid) => app.stores.rooms.get().byUid.has(uid));
  const wanted = withMoved(present, roomUid, to);
  if (wanted === present) return;
  const result = await app.actions.my.orderFavourites(wanted);
  if (!result.ok) {
    toasts.show({ text: locale.failure(result), isProblem: true });
    return;
  }
  const words = { room: nameOf(context, roomUid), place: wanted.indexOf(roomUid) + 1, count: wanted.length };
  announce(locale.t('roomMenu.moved', words));
}

/** One place up or down. */
export function shiftFavourite(context: PageContext, roomUid: string, by: -1 | 1): Promise<void> {
  const { my, rooms } = context.app.stores;
  const order = favouriteUids(my.get()).filter((uid) => rooms.get().byUid.has(uid));
  return placeFavourite(context, roomUid, order.indexOf(roomUid) + by);
}

/** What the list calls a room. */
export function nameOf({ app, locale }: PageContext, roomUid: string): string {
  const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
  if (room === undefined) return '';
  if (room.type === 'group') return room.title;
  if (isSelfRoom(room)) return locale.t('rooms.self');
  const otherUid = otherPersonUid(room, meUidOf(app.stores.account.get()) ?? '') ?? '';
  return personName(locale, app.stores.people.get().byUid.get(otherUid));
}
