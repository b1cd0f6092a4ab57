import type { ListedRoom } from '#contract/join-requests.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { hasLooseJamo, matchesSearch } from '../../ui/hangul-search.ts';
import { icon } from '../../ui/icon.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { pictureOf } from './room-state.ts';

const askDelayMs = 250;

type Found = { rooms: ListedRoom[]; hasMore: boolean };

/** Rooms that anybody may find: searching them, and asking to be let in. */
export function openDiscover(context: PageContext, onOpenRoom: (roomUid: string) => void): void {
  const { app, locale } = context;
  const disposables = createDisposables();
  const problem = createFormNotice();
  const list = h('ul', { class: 'found', role: 'list' });
  const rest = h('div', { class: 'found__rest' }, skeletonRows(4, locale.t('common.loading')));
  const box = h('input', {
    class: 'picker__input',
    type: 'search',
    placeholder: locale.t('discover.search'),
    'aria-label': locale.t('discover.search'),
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
  });
  let found: Found | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const query = (): string => box.value.trim();
  const paint = (): void => {
    if (found === null) return;
    // The server knows no initial consonants: it gives what there is, and the matching is done here.
    const shown = found.rooms.filter(
      (room) => !hasLooseJamo(query()) || matchesSearch(query(), `${room.title} ${room.description}`),
    );
    const focused = document.activeElement?.getAttribute('data-focus') ?? '';
    replaceContent(list, ...shown.map((room) => foundRow(context, room, { onOpen: open, onAnswer: answer })));
    if (focused !== '') list.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
    const last = found.rooms.at(-1);
    const more = (): void => drop(load(last?.roomUid));
    replaceContent(
      rest,
      shown.length === 0 &&
        emptyState({
          icon: 'compass',
          title: locale.t('discover.none'),
          text: locale.t('discover.noneText'),
        }),
      found.hasMore && button({ label: locale.t('create.loadMore'), onClick: more }),
    );
  };
  const load = async (after?: string): Promise<void> => {
    asked += 1;
    const mine = asked;
    const result = await app.actions.administration.discover(hasLooseJamo(query()) ? '' : query(), after);
    // Typed on meanwhile: a later answer counts.
    if (mine !== asked) return;
    problem.show(result.ok ? null : locale.failure(result));
    if (!result.ok) {
      const retry = (): void => drop(load(after));
      if (found === null) replaceContent(rest, button({ label: locale.t('common.retry'), onClick: retry }));
      return;
    }
    const before = after === undefined ? [] : (found?.rooms ?? []);
    found = { rooms: [...before, ...result.value.rooms], hasMore: result.value.hasMore };
    paint();
  };
  const open = (roomUid: string): void => {
    dialog.close();
    onOpenRoom(roomUid);
  };
  const answer = async (action: Promise<Result<void>>): Promise<void> => {
    const result = await action;
    problem.show(result.ok ? null : locale.failure(result));
    await load();
  };
  box.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => drop(load()), askDelayMs);
  });
  disposables.add(
    () => clearTimeout(timer),
    app.stores.joinRequests.subscribe((state) => state.mine, paint),
    app.stores.rooms.subscribe((state) => state.byUid.size, paint),
  );
  const dialog = openDialog({
    title: locale.t('discover.title'),
    closeLabel: locale.t('common.close'),
    body: [
      h('p', { class: 'dialog__text' }, locale.t('discover.lead')),
      problem.element,
      h('div', { class: 'picker__field found__field' }, icon('search', 's'), box),
      list,
      rest,
    ],
    focus: box,
    onClose: disposables.dispose,
  });
  drop(load());
}

type RowCallbacks = {
  onOpen: (roomUid: string) => void;
  onAnswer: (action: Promise<Result<void>>) => Promise<void>;
};

function foundRow(context: PageContext, room: ListedRoom, on: RowCallbacks): HTMLElement {
  const { locale } = context;
  const { roomUid, title } = room;
  return h(
    'li',
    { class: 'found__row' },
    avatar({ id: roomUid, name: title, picture: pictureOf(room) }),
    h(
      'div',
      { class: 'found__words' },
      h('p', { class: 'found__title' }, title),
      room.description !== '' && h('p', { class: 'found__text' }, room.description),
      h('p', { class: 'found__count' }, locale.t('rooms.peopleCount', { count: room.memberCount })),
    ),
    h('div', { class: 'found__side' }, ...actionsOf(context, room, on)),
  );
}

/** What one can do here: open it, ask, or take the question back. What was told since the list came counts more than the list. */
function actionsOf({ app, locale }: PageContext, room: ListedRoom, on: RowCallbacks): Child[] {
  const { roomUid, title } = room;
  const { administration } = app.actions;
  const told = app.stores.joinRequests.get().mine.get(roomUid);
  const state = told ?? room.request;
  const named = (control: HTMLElement, label: string): HTMLElement => {
    control.setAttribute('aria-label', `${label}: ${title}`);
    control.setAttribute('data-focus', roomUid);
    return control;
  };
  if (app.stores.rooms.get().byUid.has(roomUid)) {
    const label = locale.t('discover.open');
    return [named(button({ label, size: 'small', onClick: () => on.onOpen(roomUid) }), label)];
  }
  if (state === 'pending') {
    const label = locale.t('discover.withdraw');
    const withdraw = (): void => drop(on.onAnswer(administration.withdraw(roomUid)));
    return [
      h('span', { class: 'found__state' }, locale.t('discover.pending')),
      named(button({ label, size: 'small', kind: 'quiet', onClick: withdraw }), label),
    ];
  }
  if (state === 'accepted') return [h('span', { class: 'found__state' }, locale.t('discover.accepted'))];
  const isDeclined = state === 'declined';
  const label = locale.t(isDeclined ? 'discover.askAgain' : 'discover.ask');
  const ask = (): void => drop(on.onAnswer(administration.ask(roomUid)));
  return [
    isDeclined && h('span', { class: 'found__state' }, locale.t('discover.declined')),
    named(button({ label, size: 'small', kind: isDeclined ? 'plain' : 'primary', onClick: ask }), label),
  ];
}
