/** The menu of a room in the list: what is my own about it. A later piece. */
import { NotificationLevel } from '#contract/my-items.ts';
import type { MyRoomChange } from '#contract/my-items.ts';
import { openMenu } from '../../ui/menu.ts';
import type { MenuItem } from '../../ui/menu.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { favouriteUids } from '../my/my-state.ts';
import { shiftFavourite } from './favourite-order.ts';
import { muteChoices, muteEnd } from './mute-times.ts';
import { firstReadableSeq, unreadCount } from './room-state.ts';
import type { RoomEntry } from './room-state.ts';

export type RoomMenuDeps = {
  context: PageContext;
  onHidden: (roomUid: string) => void;
};

/** Opens it beside `anchor`, which gets the focus back. */
export function openRoomMenu(anchor: HTMLElement, deps: RoomMenuDeps, roomUid: string): () => void {
  const entry = deps.context.app.stores.rooms.get().byUid.get(roomUid);
  if (entry === undefined) return () => undefined;
  const items = [
    ...favouriteItems(deps, roomUid),
    ...unreadItems(deps, entry),
    ...noticeItems(anchor, deps, roomUid),
    hideItem(deps, entry),
  ];
  return openMenu(anchor, deps.context.locale.t('roomMenu.label'), items);
}

/** Carries out what was asked for; a failure is told. */
async function report({ toasts, locale }: PageContext, asked: Promise<Result<unknown>>): Promise<boolean> {
  const result = await asked;
  if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
  return result.ok;
}

const changeOf =
  ({ context }: RoomMenuDeps, roomUid: string) =>
  (change: MyRoomChange): Promise<boolean> =>
    report(context, context.app.actions.my.change(roomUid, change));

function favouriteItems(deps: RoomMenuDeps, roomUid: string): MenuItem[] {
  const { app, locale } = deps.context;
  const change = changeOf(deps, roomUid);
  const order = favouriteUids(app.stores.my.get());
  const at = order.indexOf(roomUid);
  if (at < 0) {
    return [
      {
        label: locale.t('roomMenu.favourite'),
        icon: 'star',
        onClick: () => drop(change({ isFavourite: true })),
      },
    ];
  }
  const shift = (by: -1 | 1) => () => drop(shiftFavourite(deps.context, roomUid, by));
  const up: MenuItem = { label: locale.t('roomMenu.up'), icon: 'arrow-up', onClick: shift(-1) };
  const down: MenuItem = { label: locale.t('roomMenu.down'), icon: 'arrow-down', onClick: shift(1) };
  return [
    ...(at > 0 ? [up] : []),
    ...(at < order.length - 1 ? [down] : []),
    {
      label: locale.t('roomMenu.noFavourite'),
      icon: 'star',
      onClick: () => drop(change({ isFavourite: false })),
    },
  ];
}

function unreadItems(deps: RoomMenuDeps, { room }: RoomEntry): MenuItem[] {
  const { app, locale } = deps.context;
  const { roomUid, lastSeq } = room;
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const settings = app.stores.my.get().rooms.get(roomUid);
  const change = changeOf(deps, roomUid);
  if (unreadCount(room, meUid, settings) > 0) {
    const read = (): void => {
      app.actions.rooms.rowSeen(roomUid, lastSeq);
      if (settings?.unreadFrom !== undefined) drop(change({ unreadFrom: null }));
    };
    return [{ label: locale.t('roomMenu.read'), icon: 'check', onClick: read }];
  }
  if (lastSeq < firstReadableSeq(room, meUid)) return [];
  const unread = (): void => drop(change({ unreadFrom: lastSeq }));
  return [{ label: locale.t('roomMenu.unread'), icon: 'mail', onClick: unread }];
}

function noticeItems(anchor: HTMLElement, deps: RoomMenuDeps, roomUid: string): MenuItem[] {
  const { app, locale } = deps.context;
  const settings = app.stores.my.get().rooms.get(roomUid);
  const change = changeOf(deps, roomUid);
  const now = app.clock.now();
  const isMuted = (settings?.mutedUntil ?? 0) > now;
  const openMute = (): void => {
    openMenu(
      anchor,
      locale.t('roomMenu.mute'),
      muteChoices.map((choice) => ({
        label: locale.t(`roomMenu.mute.${choice}`),
        onClick: () => drop(change({ mutedUntil: muteEnd(choice, app.clock.now()) })),
      })),
    );
  };
  const openLevel = (): void => {
    openMenu(
      anchor,
      locale.t('roomMenu.level'),
      NotificationLevel.options.map((level) => ({
        label: locale.t(`roomMenu.level.${level}`),
        isChecked: level === (settings?.level ?? 'all'),
        onClick: () => drop(change({ level })),
      })),
    );
  };
  const mute: MenuItem = isMuted
    ? {
        label: locale.t('roomMenu.unmute'),
        icon: 'bell',
        onClick: () => drop(change({ mutedUntil: null })),
      }
    : { label: locale.t('roomMenu.mute'), icon: 'bell-off', onClick: openMute };
  return [mute, { label: locale.t('roomMenu.level'), icon: 'bell', onClick: openLevel }];
}

function hideItem(deps: RoomMenuDeps, { room }: RoomEntry): MenuItem {
  const { toasts, locale } = deps.context;
  const change = changeOf(deps, room.roomUid);
  const hide = async (): Promise<void> => {
    if (!(await change({ hiddenSeq: room.lastSeq }))) return;
    deps.onHidden(room.roomUid);
    toasts.show({
      text: locale.t('roomMenu.hiddenNow'),
      action: { label: locale.t('common.undo'), onClick: () => drop(change({ hiddenSeq: null })) },
    });
  };
  return { label: locale.t('roomMenu.hide'), icon: 'eye-off', onClick: () => drop(hide()) };
}
