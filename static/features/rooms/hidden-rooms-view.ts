import { h, replaceContent } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { nameOf } from './favourite-order.ts';
import { isHiddenRoom, otherPersonUid, pictureOf } from './room-state.ts';

/** The rooms that are put away now. */
export const hiddenUids = ({ stores }: PageContext['app']): string[] => {
  const mine = stores.my.get().rooms;
  return [...stores.rooms.get().byUid.values()]
    .filter(({ room }) => isHiddenRoom(room, mine.get(room.roomUid)))
    .map(({ room }) => room.roomUid);
};

/** The conversations that I put away: opened, or put back into the list. A later piece. */
export function openHiddenRooms(context: PageContext, onOpenRoom: (roomUid: string) => void): void {
  const { app, locale, toasts } = context;
  const { rooms, my } = app.stores;
  const list = h('ul', { class: 'hidden-rooms' });
  const body = h('div', {});

  const show = async (roomUid: string): Promise<void> => {
    const result = await app.actions.my.change(roomUid, { hiddenSeq: null });
    if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
  };
  const row = (roomUid: string): HTMLElement => {
    const room = rooms.get().byUid.get(roomUid)?.room;
    const name = nameOf(context, roomUid);
    const toneId = (room && otherPersonUid(room, meUidOf(app.stores.account.get()) ?? '')) ?? roomUid;
    const open = (): void => {
      dialog.close();
      onOpenRoom(roomUid);
    };
    const back = button({
      label: locale.t('roomMenu.show'),
      size: 'small',
      onClick: () => drop(show(roomUid)),
    });
    back.setAttribute('aria-label', locale.t('roomMenu.showRoom', { room: name }));
    return h(
      'li',
      { class: 'hidden-rooms__row' },
      h(
        'button',
        { type: 'button', class: 'hidden-rooms__open', on: { click: open } },
        avatar({ id: toneId, name, picture: room === undefined ? null : pictureOf(room) }),
        h('span', { class: 'hidden-rooms__name' }, name),
      ),
      back,
    );
  };
  const paint = (): void => {
    const uids = hiddenUids(app);
    replaceContent(list, ...uids.map(row));
    const nothing = emptyState({ icon: 'eye-off', title: locale.t('roomMenu.hiddenNone') });
    replaceContent(body, uids.length > 0 ? list : nothing);
    // The button that was pressed is gone with its row.
    if (document.activeElement === document.body)
      dialog.element.querySelector<HTMLElement>('button')?.focus();
  };
  const dialog = openDialog({
    title: locale.t('roomMenu.hiddenTitle'),
    closeLabel: locale.t('common.close'),
    body: [body],
    onClose: () => stop(),
  });
  const stops = [my.subscribe((state) => state.rooms, paint), rooms.subscribe((state) => state.byUid, paint)];
  const stop = (): void => {
    for (const each of stops) each();
  };
  paint();
}
