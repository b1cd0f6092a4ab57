import { h, replaceContent } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createField } from '../../ui/field.ts';
import { matchesSearch } from '../../ui/hangul-search.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { mayPost, roomListItems } from '../rooms/room-state.ts';
import { oneLine } from './content-preview.ts';

/** As many rooms as one forwards to at once without thinking twice. */
const roomsMax = 10;

/** Sends a text on to other rooms. */
export function openForward(context: PageContext, text: string): void {
  const { app, locale, toasts } = context;
  const problem = createFormNotice();
  const chosen = new Set<string>();
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const all = app.stores.rooms.get();
  const rooms = roomListItems(all, app.stores.people.get().byUid, meUid).filter(({ roomUid }) => {
    const room = all.byUid.get(roomUid)?.room;
    return room !== undefined && mayPost(room, meUid);
  });
  const search = createField({
    label: locale.t('message.forwardSearch'),
    name: 'forward-search',
    maxLength: 100,
  });
  const list = h('div', {
    class: 'forward__rooms scroll',
    role: 'group',
    'aria-label': locale.t('message.forwardRooms'),
  });
  const send = button({
    label: locale.t('message.forwardSend'),
    kind: 'primary',
    onClick: () => drop(forward()),
  });
  const showState = (): void => {
    send.disabled = chosen.size === 0;
  };
  const row = (roomUid: string, title: string, toneId: string): HTMLElement => {
    const box = h('input', { type: 'checkbox', class: 'check__box' });
    box.checked = chosen.has(roomUid);
    box.addEventListener('change', () => {
      if (box.checked && chosen.size >= roomsMax) {
        box.checked = false;
        problem.show(locale.t('message.forwardMost', { count: roomsMax }));
        return;
      }
      problem.show(null);
      if (box.checked) chosen.add(roomUid);
      else chosen.delete(roomUid);
      showState();
    });
    return h(
      'label',
      { class: 'forward__room' },
      box,
      avatar({ id: toneId, name: title }),
      h('span', {}, title),
    );
  };
  const show = (): void => {
    const query = search.input.value.trim();
    const found = rooms.filter(
      ({ title, roomUid }) => chosen.has(roomUid) || query === '' || matchesSearch(query, title),
    );
    const rows = found.map(({ roomUid, title, otherUid }) =>
      row(roomUid, title === '' ? locale.t('rooms.self') : title, otherUid ?? roomUid),
    );
    const none = h('p', { class: 'dialog__text' }, locale.t('message.forwardNone'));
    replaceContent(list, ...(rows.length === 0 ? [none] : rows));
  };
  const forward = async (): Promise<void> => {
    send.disabled = true;
    const result = await app.actions.editing.forward(text, [...chosen]);
    showState();
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    toasts.show({ text: locale.t('message.forwarded', { count: chosen.size }) });
  };
  search.input.addEventListener('input', show);
  const dialog = openDialog({
    title: locale.t('message.forwardTitle'),
    closeLabel: locale.t('common.close'),
    body: [problem.element, h('blockquote', { class: 'forward__text' }, oneLine(text)), search.element, list],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), send],
    focus: search.input,
  });
  showState();
  show();
}
