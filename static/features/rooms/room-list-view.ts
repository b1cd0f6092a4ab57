import type { Person } from '#contract/accounts.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { matchesSearch } from '../../ui/hangul-search.ts';
import { afterPaint } from '../../ui/idle.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { fullStatus, shownStatus } from '../../ui/person-status.ts';
import { personHandle, personName, personSearchText } from '../../ui/person-label.ts';
import { roveFocus, setTabStop } from '../../ui/roving-focus.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { presenceOf } from '../presence/presence-state.ts';
import { roomLines } from './room-line.ts';
import type { RoomLine } from './room-line.ts';
import { createRoomRow } from './room-row.ts';
import type { RoomRow } from './room-row.ts';
import { createRoomSearch } from './room-search.ts';

export type RoomListDeps = {
  context: PageContext;
  onOpenRoom: (roomUid: string) => void;
  onOpenPerson: (userUid: string) => void;
  onNew: () => void;
  /** A room was put away. */
  onHidden: (roomUid: string) => void;
};

export type RoomListView = View & { focusSearch: () => void };

/** The list of rooms with its search box, which finds people as well. */
export function createRoomListView(deps: RoomListDeps): RoomListView {
  const { app, locale, later } = deps.context;
  const disposables = createDisposables();
  const rows = new Map<string, RoomRow>();
  const list = h('ul', { class: 'room-list__rows', role: 'list', 'aria-label': locale.t('shell.rooms') });
  const around = h('div', { class: 'room-list__around' });
  const scroller = h('div', { class: 'room-list__scroll scroll' }, list, around);
  const search = createRoomSearch(deps.context, {
    onChange: () => paint(),
    onEnter: () => buttons()[0]?.click(),
    onDown: () => buttons()[0]?.focus(),
  });
  const element = h('div', { class: 'room-list' }, search.element, scroller);
  disposables.add(search.dispose);

  // What was looked for is found: a list that stays filtered would hide whatever comes next.
  const onOpenRoom = (roomUid: string): void => {
    deps.onOpenRoom(roomUid);
    search.clear();
  };
  const onOpenPerson = (userUid: string): void => {
    deps.onOpenPerson(userUid);
    search.clear();
  };
  const buttons = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('.room')];
  roveFocus(list, buttons);

  const paint = (): void => {
    const query = search.query();
    const all = roomLines({ stores: app.stores, locale, now: app.clock.now() });
    const lines = all.filter((line) => (query === '' ? !line.isHidden || line.isOpen : isFound(query, line)));
    // Whom I already talk to is found as that conversation.
    const talkedTo = new Set(lines.map((line) => line.toneId));
    const people =
      query === '' ? [] : foundPeople(deps.context, query).filter((person) => !talkedTo.has(person.userUid));
    const focused = document.activeElement;
    patchRows(lines, people);
    // A row that is put elsewhere loses the focus on the way.
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
    replaceContent(around, ...whenEmpty(deps, query, lines.length + people.length));
    const items = buttons();
    const stop = items.find((item) => item === document.activeElement || item.hasAttribute('aria-current'));
    setTabStop(items, stop ?? items[0]);
  };

  const patchRows = (lines: readonly RoomLine[], people: readonly Person[]): void => {
    const wanted = new Set(lines.map((line) => line.roomUid));
    for (const [roomUid, row] of rows) {
      if (wanted.has(roomUid)) continue;
      row.element.remove();
      rows.delete(roomUid);
    }
    const elements = lines.map((line) => {
      const row = rows.get(line.roomUid);
      row?.update(line);
      if (row !== undefined) return row.element;
      const made = createRoomRow(line, locale, onOpenRoom);
      rows.set(line.roomUid, made);
      return made.element;
    });
    for (const old of list.querySelectorAll('.room-list__person, .room-list__people')) old.remove();
    placeInOrder(list, withHeadings(lines, elements));
    if (people.length === 0) return;
    list.appendChild(
      h('li', { class: 'room-list__heading room-list__people' }, locale.t('rooms.foundPeople')),
    );
    for (const person of people) list.appendChild(personRow(deps.context, person, onOpenPerson));
  };

  const favourites = h('li', { class: 'room-list__heading' }, locale.t('rooms.favourites'));
  const others = h('li', { class: 'room-list__heading' }, locale.t('rooms.others'));
  /** With favourites, both parts of the list say what they are. */
  const withHeadings = (lines: readonly RoomLine[], elements: HTMLElement[]): HTMLElement[] => {
    const count = lines.filter((line) => line.isFavourite).length;
    favourites.remove();
    others.remove();
    if (count === 0) return elements;
    const rest = elements.slice(count);
    return [favourites, ...elements.slice(0, count), ...(rest.length > 0 ? [others, ...rest] : [])];
  };

  const task = createCalmTask(list, paint);
  const { stores } = app;
  const watched = [
    stores.rooms,
    stores.people,
    stores.presence,
    stores.outbox,
    stores.drafts,
    stores.directory,
    stores.joinRequests,
    stores.my,
    stores.trust,
  ];
  for (const store of watched) disposables.add(store.subscribe(whole, task.request));
  // "Yesterday" and the weekday move on by themselves.
  const timer = setInterval(task.request, 60_000);
  disposables.add(task.cancel, () => clearInterval(timer));
  paint();
  let isGone = false;
  disposables.add(() => (isGone = true));
  const loadTools = async (): Promise<void> => {
    const { attachRoomTools } = await later.load('roomTools');
    if (!isGone) disposables.add(attachRoomTools({ ...deps, list, scroller, onOpenRoom }));
  };
  afterPaint(() => drop(loadTools().catch(() => undefined)));
  return { element, dispose: disposables.dispose, focusSearch: search.focus };
}

const whole = (state: unknown): unknown => state;

/** Puts elements in this order with as few moves as the usual change (one room goes to the top) needs. */
function placeInOrder(list: HTMLElement, elements: readonly HTMLElement[]): void {
  let cursor: ChildNode | null = list.firstChild;
  for (const element of elements) {
    if (element === cursor) cursor = cursor.nextSibling;
    else list.insertBefore(element, cursor);
  }
}

const isFound = (query: string, line: RoomLine): boolean =>
  matchesSearch(query, `${line.title} ${line.handle}`);

/** People of my rooms and of the directory's answer, without myself. */
function foundPeople({ app, locale }: PageContext, query: string): Person[] {
  const meUid = meUidOf(app.stores.account.get());
  const byUid = new Map(app.stores.people.get().byUid);
  for (const person of app.stores.directory.get().people) byUid.set(person.userUid, person);
  return [...byUid.values()]
    .filter((person) => person.userUid !== meUid && person.state === 'active' && person.identityVersion > 0)
    .filter((person) => matchesSearch(query, personSearchText(person)))
    .sort((left, right) => locale.compare(left.displayName, right.displayName))
    .slice(0, 30);
}

function personRow(
  { app, locale }: PageContext,
  person: Person,
  onOpenPerson: (userUid: string) => void,
): HTMLElement {
  const presence = presenceOf(app.stores.presence.get(), person.userUid);
  const now = app.clock.now();
  const status = shownStatus(person, now);
  return h(
    'li',
    { class: 'room-list__item room-list__person' },
    h(
      'button',
      { type: 'button', class: 'room', tabindex: -1, on: { click: () => onOpenPerson(person.userUid) } },
      avatar({
        id: person.userUid,
        name: person.displayName,
        isOnline: presence !== 'offline',
        isAway: presence === 'away',
      }),
      h(
        'span',
        { class: 'room__main' },
        h(
          'span',
          { class: 'room__top' },
          h('span', { class: 'room__name' }, personName(locale, person)),
          status !== '' &&
            h('span', { class: 'room__status', title: fullStatus(locale, person, now) }, status),
        ),
        h('span', { class: 'room__bottom' }, h('span', { class: 'room__preview' }, personHandle(person))),
      ),
    ),
  );
}

function whenEmpty(deps: RoomListDeps, query: string, count: number): Child[] {
  const { app, locale } = deps.context;
  if (count > 0) return [];
  if (query !== '') {
    return [emptyState({ title: locale.t('rooms.noMatch', { query }), text: locale.t('rooms.noMatchText') })];
  }
  if (!app.stores.rooms.get().isLoaded) return [skeletonRows(7, locale.t('common.loading'))];
  return [
    emptyState({
      icon: 'message-circle',
      title: locale.t('rooms.empty'),
      text: locale.t('rooms.emptyText'),
      action: button({
        label: locale.t('rooms.new'),
        kind: 'primary',
        icon: 'square-pen',
        onClick: deps.onNew,
      }),
    }),
  ];
}
