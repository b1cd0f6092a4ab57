import type { AdminPerson } from '#contract/admin-people.ts';
import type { AdminInput, AdminOutput } from '#contract/admin.ts';
import { createChoice } from '../../ui/choice.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { notice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { pageHead } from './page-head.ts';
import { createPager } from './pager.ts';
import { createPeopleTable } from './people-table.ts';
import { createPersonActs } from './person-acts.ts';
import { createRefresh } from './refresh.ts';

export type PeopleFilter = 'all' | 'pending' | 'disabled' | 'admin' | 'owner';
type Counts = AdminOutput<'admin:people'>['counts'];

const filters: readonly PeopleFilter[] = ['all', 'pending', 'disabled', 'admin', 'owner'];
const questions: Record<PeopleFilter, Pick<AdminInput<'admin:people'>, 'state' | 'role'>> = {
  all: {},
  pending: { state: 'pending' },
  disabled: { state: 'disabled' },
  admin: { role: 'admin' },
  owner: { role: 'owner' },
};
const filterWords = {
  all: 'people.all',
  pending: 'people.pending',
  disabled: 'people.disabled',
  admin: 'people.admins',
  owner: 'people.owners',
} as const;
const pageSize = 50;

/** Everybody who has an account or waits for one, and what can be done about them. */
export function createPeopleView(context: AdminContext, startsWith: string): View {
  const { bridge, locale } = context;
  let filter: PeopleFilter = filters.find((known) => known === startsWith) ?? 'all';
  let request = 0;
  const count = h('span', {});
  const search = searchBox(locale);
  const body = h('div', {}, skeletonRows(8, locale.say('admin.loading')));
  const pager = createPager<string>(locale, () => ask());
  const acts = createPersonActs(context, () => refresh.now());
  const table = createPeopleTable({ locale, onAct: acts.act, onMenu: acts.openMenu });
  const choicePlace = h('div', { class: 'people__choice' });
  const choice = createFilterChoice(
    locale,
    choicePlace,
    () => filter,
    (next) => {
      filter = next;
      ask(true);
    },
  );

  const load = async (): Promise<void> => {
    request += 1;
    const mine = request;
    const query = search.value.trim();
    const after = pager.cursor();
    const answer = await bridge.call('admin:people', {
      limit: pageSize,
      ...(query === '' ? {} : { query }),
      ...questions[filter],
      ...(after === undefined ? {} : { after }),
    });
    // another question was asked meanwhile
    if (mine !== request) return;
    if (!answer.ok) {
      replaceContent(body, notice('bad', locale.failure(answer)));
      return;
    }
    show(answer.value, query);
  };
  const show = ({ people, hasMore, counts }: AdminOutput<'admin:people'>, query: string): void => {
    const total = totalOf(filter, counts);
    // of those that are listed; how many have a role the server does not say
    setText(count, total === null ? '' : locale.say('people.count', { count: total }));
    choice.show(counts);
    const last = people[people.length - 1];
    // the rest of a search is not counted by the server
    const pageTotal = query === '' ? total : null;
    const next = hasMore && last !== undefined ? last.username : null;
    pager.show({ shown: people.length, total: pageTotal, next });
    showRows(people, query);
  };
  const showRows = (people: readonly AdminPerson[], query: string): void => {
    const focused = body.contains(document.activeElement)
      ? (document.activeElement?.getAttribute('data-focus') ?? null)
      : null;
    table.show(people);
    if (people.length === 0) replaceContent(body, nobody(locale, query === '' ? filter : 'all'));
    else if (body.firstChild !== table.element) replaceContent(body, table.element);
    // the row under the keyboard may be another one now
    if (focused !== null && !body.contains(document.activeElement) && !table.focus(focused)) search.focus();
  };
  const refresh = createRefresh(20_000, load);
  function ask(isOther = false): void {
    if (isOther) pager.reset();
    refresh.now();
  }
  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => ask(true), 200);
  });
  const stopListening = bridge.on('admin:people-changed', () => refresh.now());
  const element = h(
    'div',
    { class: 'people' },
    pageHead(locale.say('admin.people'), [count]),
    h(
      'div',
      { class: 'log__filter' },
      choicePlace,
      h('div', { class: 'log__find' }, icon('search', 's'), search),
    ),
    body,
    pager.element,
  );
  return {
    element,
    dispose: () => {
      clearTimeout(typing);
      stopListening();
      refresh.dispose();
    },
  };
}

const searchBox = (locale: AdminLocale): HTMLInputElement =>
  h('input', {
    class: 'field__input log__search',
    type: 'search',
    placeholder: locale.say('people.search'),
    'aria-label': locale.say('people.search'),
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
  });

/** How many there are under this filter; null where the server does not say. */
function totalOf(filter: PeopleFilter, { active, pending, disabled }: Counts): number | null {
  if (filter === 'all') return active + pending + disabled;
  if (filter === 'pending') return pending;
  return filter === 'disabled' ? disabled : null;
}

/** The filter with how many wait and how many are disabled: drawn anew when these change. */
function createFilterChoice(
  locale: AdminLocale,
  place: HTMLElement,
  value: () => PeopleFilter,
  onChange: (filter: PeopleFilter) => void,
): { show: (counts: Counts) => void } {
  let shown = '';
  const show = (counts: Counts | null): void => {
    const labels = filters.map((name) => {
      const number = counts === null || name === 'all' ? null : totalOf(name, counts);
      const word = locale.say(filterWords[name]);
      return number === null || number === 0
        ? word
        : locale.say('people.withCount', { name: word, count: number });
    });
    const state = labels.join();
    if (state === shown) return;
    shown = state;
    const hadFocus = place.contains(document.activeElement);
    const choice = createChoice<PeopleFilter>({
      label: locale.say('people.filter'),
      value: value(),
      options: filters.map((name, at) => ({ value: name, label: labels[at] ?? '' })),
      onChange,
    });
    replaceContent(place, choice);
    if (hadFocus) choice.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
  };
  show(null);
  return { show };
}

function nobody(locale: AdminLocale, filter: PeopleFilter): HTMLElement {
  if (filter === 'pending') {
    return emptyState({
      icon: 'user-plus',
      title: locale.say('people.nonePending'),
      text: locale.say('people.nonePendingText'),
    });
  }
  if (filter === 'disabled') {
    return emptyState({
      icon: 'user-minus',
      title: locale.say('people.noneDisabled'),
      text: locale.say('people.noneDisabledText'),
    });
  }
  return emptyState({ icon: 'users', title: locale.say('people.none'), text: locale.say('people.noneText') });
}
