import { limits } from '#contract/limits.ts';
import type { AdminRoom } from '#contract/admin-people.ts';
import { button } from '../../ui/button.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';

export type RoomChoice = View & { chosen: () => readonly string[] };

const askDelayMs = 200;

/** Group rooms to tick: all of them a page at a time, found by their titles. What is ticked stays so through a search. */
export function createRoomChoice(context: AdminContext): RoomChoice {
  const { bridge, locale } = context;
  const chosen = new Set<string>();
  let shown: AdminRoom[] = [];
  let request = 0;
  const search = h('input', {
    class: 'field__input log__search',
    type: 'search',
    placeholder: locale.say('people.roomsFind'),
    'aria-label': locale.say('people.roomsFind'),
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
  });
  const list = h('ul', {
    class: 'room-choice__list scroll',
    role: 'list',
    'aria-label': locale.say('people.rooms'),
  });
  const note = h('p', { class: 'field__hint', role: 'status' });
  const more = button({ label: locale.t('common.more'), kind: 'link', onClick: () => drop(load(true)) });
  more.hidden = true;

  const tell = (): void => {
    const count = chosen.size;
    const isFull = count >= limits.approvalRoomsMax;
    setText(
      note,
      isFull
        ? locale.say('people.roomsFull', { count: limits.approvalRoomsMax })
        : count === 0
          ? ''
          : locale.say('people.roomsChosen', { count }),
    );
    for (const box of list.querySelectorAll('input')) box.disabled = isFull && !box.checked;
  };
  const row = (room: AdminRoom): HTMLElement => {
    const box = h('input', { type: 'checkbox', class: 'check__box', checked: chosen.has(room.roomUid) });
    box.addEventListener('change', () => {
      if (box.checked) chosen.add(room.roomUid);
      else chosen.delete(room.roomUid);
      tell();
    });
    const facts = [locale.say('people.roomMembers', { count: room.memberCount }), room.owner];
    return h(
      'li',
      {},
      h(
        'label',
        { class: 'check room-choice__row' },
        box,
        h('span', { class: 'room-choice__title' }, room.title),
        h('span', { class: 'room-choice__facts' }, facts.filter((fact) => fact !== '').join(' · ')),
      ),
    );
  };
  const load = async (isNextPage = false): Promise<void> => {
    request += 1;
    const mine = request;
    const query = search.value.trim();
    const after = isNextPage ? shown[shown.length - 1]?.roomUid : undefined;
    const answer = await bridge.call('admin:rooms', {
      ...(query === '' ? {} : { query }),
      ...(after === undefined ? {} : { after }),
    });
    if (mine !== request) return;
    if (!answer.ok) {
      replaceContent(list, h('li', { class: 'field__hint' }, locale.failure(answer)));
      return;
    }
    shown = isNextPage ? [...shown, ...answer.value.rooms] : answer.value.rooms;
    more.hidden = !answer.value.hasMore;
    const none = locale.say(query === '' ? 'people.roomsNone' : 'people.roomsNoMatch');
    if (shown.length === 0) replaceContent(list, h('li', { class: 'field__hint' }, none));
    else replaceContent(list, ...shown.map(row));
    tell();
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => drop(load()), askDelayMs);
  });
  const unbind = bindEnter({ box: search, onEnter: () => drop(load()) });
  replaceContent(list, h('li', {}, skeletonRows(3, locale.say('admin.loading'))));
  drop(load());
  return {
    element: h(
      'div',
      { class: 'room-choice' },
      h('div', { class: 'log__find room-choice__find' }, icon('search', 's'), search),
      list,
      more,
      note,
    ),
    chosen: () => [...chosen],
    dispose: () => {
      request += 1;
      clearTimeout(typing);
      unbind();
    },
  };
}
