import { h, replaceContent } from '../../ui/h.ts';
import { button, iconButton } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import type { IconName } from '../../ui/icon.ts';
import { personName } from '../../ui/person-label.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { isSelfRoom, roomTitle } from '../rooms/room-state.ts';
import { contentPreview } from './content-preview.ts';
import type { MessageEntry } from './message-state.ts';

/** Where a message is: its room, its place and its name `senderUid.clientId`. */
export type MessagePlace = { roomUid: string; seq: number; name: string; at: number };

/** Shows a message in its room. */
export type OpenMessage = (roomUid: string, seq: number, name: string) => void;

export type PlaceListDeps = {
  context: PageContext;
  title: string;
  empty: { icon: IconName; title: string; text: string };
  /** The next places, at most a page. */
  next: () => Promise<Result<{ places: readonly MessagePlace[]; hasMore: boolean }>>;
  onOpen: OpenMessage;
  /** A button at each row that takes it off the list. */
  remove?: { label: string; run: (entry: MessageEntry) => Promise<Result<void>> };
};

/** A dialog that lists messages from anywhere, a page at a time: whose, where, when, and the beginning of the text. */
export function openPlaceList(deps: PlaceListDeps): void {
  const { context, remove } = deps;
  const { app, locale, toasts } = context;
  const list = h('ul', { class: 'saved' });
  const more = button({ label: locale.t('common.more'), onClick: () => drop(load()) });
  const body = h('div', {}, skeletonRows(4, locale.t('common.loading')));

  const titleOf = (roomUid: string): string => {
    const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
    if (room === undefined) return '';
    const meUid = meUidOf(app.stores.account.get()) ?? '';
    return isSelfRoom(room) ? locale.t('rooms.self') : roomTitle(room, app.stores.people.get().byUid, meUid);
  };
  const showEmpty = (): void => replaceContent(body, emptyState(deps.empty));
  const removeButton = (entry: MessageEntry, row: () => HTMLElement): HTMLElement | null => {
    if (remove === undefined) return null;
    const run = async (): Promise<void> => {
      const result = await remove.run(entry);
      if (!result.ok) {
        toasts.show({ text: locale.failure(result), isProblem: true });
        return;
      }
      row().remove();
      if (list.childElementCount === 0) showEmpty();
    };
    return iconButton({ icon: 'x', label: remove.label, onClick: () => drop(run()) });
  };
  const rowOf = ({ roomUid, seq, name, at }: MessagePlace, entry: MessageEntry | null): HTMLElement => {
    const [senderUid = ''] = name.split('.');
    const who = personName(locale, app.stores.people.get().byUid.get(senderUid));
    const where = titleOf(roomUid);
    const isSame = where === '' || where === who;
    const open = (): void => {
      dialog.close();
      deps.onOpen(roomUid, seq, name);
    };
    const text = entry === null ? locale.t('message.savedGone') : contentPreview(entry.content, locale);
    const element: HTMLElement = h(
      'li',
      { class: 'saved__row' },
      h(
        'button',
        { type: 'button', class: 'saved__open', disabled: entry === null, on: { click: open } },
        h(
          'span',
          { class: 'saved__head' },
          h('b', {}, isSame ? who : locale.t('common.separator', { first: who, second: where })),
          h('span', {}, locale.full(at)),
        ),
        h('span', { class: 'saved__text' }, text),
      ),
      entry !== null && removeButton(entry, () => element),
    );
    return element;
  };
  const again = button({ label: locale.t('common.retry'), onClick: () => drop(load()) });
  const fail = (words: string): void =>
    replaceContent(body, h('p', { class: 'dialog__text', role: 'alert' }, words), list, again);
  /** Of the page under way; what could not be looked up is there for the next try. */
  let waiting: readonly MessagePlace[] = [];
  let hasMore = true;
  const fetchAndShow = async (): Promise<Result<void>> => {
    if (waiting.length === 0 && hasMore) {
      const page = await deps.next();
      if (!page.ok) return page;
      ({ places: waiting, hasMore } = page.value);
    }
    for (const place of waiting) {
      const found = await app.actions.editing.look(place.roomUid, place.name);
      if (!found.ok && found.isRetryable) return found;
      list.appendChild(rowOf(place, found.ok ? found.value : null));
      waiting = waiting.slice(1);
    }
    return succeed(undefined);
  };
  const load = async (): Promise<void> => {
    for (const control of [more, again]) control.disabled = true;
    const shown = await fetchAndShow();
    for (const control of [more, again]) control.disabled = false;
    more.hidden = !hasMore;
    if (!shown.ok) fail(locale.failure(shown));
    else if (list.childElementCount === 0) showEmpty();
    else replaceContent(body, list, more);
  };
  const dialog = openDialog({ title: deps.title, closeLabel: locale.t('common.close'), body: [body] });
  drop(load());
}
