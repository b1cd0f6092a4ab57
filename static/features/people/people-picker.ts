import type { Person } from '#contract/accounts.ts';
import { h, replaceContent, setAttribute } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { bindEnter, isComposingKey } from '../../ui/enter-key.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { hasLooseJamo, matchesSearch } from '../../ui/hangul-search.ts';
import { icon } from '../../ui/icon.ts';
import { isLoopback } from '../../ui/loopback.ts';
import { personMarks } from '../../ui/person-marks.ts';
import { personRole, personSearchText } from '../../ui/person-label.ts';
import { fullStatus, shownStatus } from '../../ui/person-status.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { Locale } from '../../locales/locale.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { presenceOf } from '../presence/presence-state.ts';
import { createMarkLooks } from '../trust/mark-looks.ts';

export type PeoplePicker = View & {
  readonly box: HTMLInputElement;
  chosen: () => readonly string[];
};

export type PeoplePickerDeps = {
  context: PageContext;
  /** Shown, but not to be chosen: already in the room. */
  presentUids: ReadonlySet<string>;
  /** Chosen from the start, as far as they are known here. */
  initialUids?: readonly string[];
  onChange: () => void;
};

const askDelayMs = 250;
const shownAtMost = 200;

/** Chooses people: chips, a search box and a list that arrow keys move through while the box keeps the focus. */
export function createPeoplePicker({
  context,
  presentUids,
  initialUids = [],
  onChange,
}: PeoplePickerDeps): PeoplePicker {
  const { app, locale } = context;
  const disposables = createDisposables();
  const chosen = new Map<string, Person>();
  for (const userUid of initialUids) {
    const person = app.stores.people.get().byUid.get(userUid);
    if (person !== undefined && canChoose(person)) chosen.set(userUid, person);
  }
  const lookAtMarks = createMarkLooks(app);
  let shown: Person[] = [];
  let active = -1;

  const label = locale.t('create.find');
  const box = h('input', {
    class: 'picker__input',
    type: 'text',
    role: 'combobox',
    placeholder: label,
    'aria-label': label,
    'aria-expanded': 'true',
    'aria-controls': 'picker-list',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
  });
  const chips = h('ul', { class: 'picker__chips', 'aria-label': locale.t('create.chosen') });
  const list = h('ul', {
    class: 'picker__list scroll',
    id: 'picker-list',
    role: 'listbox',
    'aria-label': locale.t('create.results'),
    'aria-multiselectable': 'true',
  });
  const around = h('div', {});
  const results = h('div', { class: 'picker__results' }, list, around);
  const field = h('div', { class: 'picker__field' }, icon('search', 's'), box);
  const element = h('div', { class: 'picker' }, chips, field, results);

  const paint = (): void => {
    shown = findPeople(context, box.value);
    lookAtMarks(shown);
    active = Math.min(active, shown.length - 1);
    replaceContent(
      list,
      ...shown.map((person, index) =>
        option(context, person, {
          index,
          isChosen: chosen.has(person.userUid),
          isPresent: presentUids.has(person.userUid),
          onToggle: () => toggle(person),
        }),
      ),
    );
    list.hidden = shown.length === 0;
    replaceContent(around, aroundList(context, box.value, shown.length));
    showActive();
  };
  const showActive = (): void => {
    [...list.children].forEach((row, index) => row.classList.toggle('person--active', index === active));
    const row = list.children[active];
    setAttribute(box, 'aria-activedescendant', row?.id ?? null);
    row?.scrollIntoView({ block: 'nearest' });
  };
  const paintChips = (): void => {
    chips.hidden = chosen.size === 0;
    replaceContent(
      chips,
      ...[...chosen.values()].map((person) => chip(context, person, () => toggle(person))),
    );
  };
  const toggle = (person: Person): void => {
    if (!canChoose(person) || presentUids.has(person.userUid)) return;
    if (!chosen.delete(person.userUid)) chosen.set(person.userUid, person);
    if (box.value !== '') {
      box.value = '';
      ask();
    }
    paintChips();
    paint();
    onChange();
    box.focus();
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    clearTimeout(timer);
    const query = box.value.trim();
    // The directory knows no initial consonants: it lists everybody, and the matching is done here.
    const asked = hasLooseJamo(query) ? '' : query;
    timer = setTimeout(() => drop(app.actions.directory.search(asked)), askDelayMs);
  };
  box.addEventListener('input', () => {
    active = box.value.trim() === '' ? -1 : 0;
    ask();
    paint();
  });
  box.addEventListener('keydown', (event) => {
    if (isComposingKey(event)) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      active = Math.max(0, Math.min(shown.length - 1, active + step));
      showActive();
    } else if (event.key === 'Backspace' && box.value === '') {
      const last = [...chosen.values()].pop();
      if (last !== undefined) toggle(last);
    }
  });
  const task = createCalmTask(list, paint);
  disposables.add(
    bindEnter({
      box,
      onEnter: () => {
        const person = shown[active];
        if (person !== undefined) toggle(person);
      },
    }),
    app.stores.directory.subscribe((state) => state, task.request),
    app.stores.presence.subscribe((state) => state, task.request),
    app.stores.trust.subscribe(({ verifiedUids }) => verifiedUids, task.request),
    app.stores.trust.subscribe(({ unconfirmedUids }) => unconfirmedUids, task.request),
    task.cancel,
    () => clearTimeout(timer),
  );
  drop(app.actions.directory.search(''));
  paintChips();
  paint();
  return { element, box, chosen: () => [...chosen.keys()], dispose: disposables.dispose };
}

/** Only somebody with an identity can be given a key. */
const canChoose = (person: Person): boolean => person.state === 'active' && person.identityVersion > 0;

function findPeople({ app, locale }: PageContext, query: string): Person[] {
  const meUid = meUidOf(app.stores.account.get());
  const byUid = new Map(app.stores.people.get().byUid);
  for (const person of app.stores.directory.get().people) byUid.set(person.userUid, person);
  return [...byUid.values()]
    .filter((person) => person.userUid !== meUid && person.state !== 'deleted')
    .filter((person) => matchesSearch(query, personSearchText(person)))
    .sort((left, right) => locale.compare(left.displayName, right.displayName))
    .slice(0, shownAtMost);
}

type OptionState = { index: number; isChosen: boolean; isPresent: boolean; onToggle: () => void };

function option({ app, locale }: PageContext, person: Person, state: OptionState): HTMLElement {
  const isOff = state.isPresent || !canChoose(person);
  const why = state.isPresent
    ? locale.t('create.alreadyIn')
    : person.state === 'disabled'
      ? locale.t('create.disabled')
      : person.identityVersion === 0
        ? locale.t('create.noIdentity')
        : '';
  const presence = presenceOf(app.stores.presence.get(), person.userUid);
  const now = app.clock.now();
  const status = shownStatus(person, now);
  return h(
    'li',
    {
      class: isOff ? 'person person--off' : 'person',
      id: `picker-option-${state.index}`,
      role: 'option',
      'aria-selected': state.isChosen ? 'true' : 'false',
      'aria-disabled': isOff ? 'true' : undefined,
      on: { click: state.onToggle },
    },
    avatar({
      id: person.userUid,
      name: person.displayName,
      isOnline: presence !== 'offline',
      isAway: presence === 'away',
    }),
    h(
      'span',
      { class: 'person__words' },
      h(
        'span',
        { class: 'person__name' },
        person.displayName,
        ...personMarks(locale, app.stores.trust.get(), person.userUid),
        status !== '' &&
          h('span', { class: 'person__status', title: fullStatus(locale, person, now) }, status),
      ),
      usernameLine(person, why),
    ),
    h(
      'span',
      { class: state.isChosen ? 'person__check person__check--on' : 'person__check' },
      state.isChosen && icon('check', 'xs'),
    ),
  );
}

/** Department and title give way to the user name, which is what tells namesakes apart. */
const usernameLine = (person: Person, why: string): HTMLElement =>
  h(
    'span',
    { class: 'person__handle' },
    personRole(person) !== '' && h('span', { class: 'person__role' }, personRole(person)),
    personRole(person) !== '' && h('span', { class: 'person__dot' }, ' · '),
    h('span', { class: 'person__id' }, `@${person.username}`),
    why !== '' && h('span', { class: 'person__dot' }, ` · ${why}`),
  );

function chip({ locale }: PageContext, person: Person, onRemove: () => void): HTMLElement {
  const label = locale.t('create.remove', { name: person.displayName });
  return h(
    'li',
    { class: 'chip' },
    avatar({ id: person.userUid, name: person.displayName, size: 's' }),
    h('span', { class: 'chip__name' }, person.displayName),
    h(
      'button',
      { type: 'button', class: 'chip__remove', 'aria-label': label, title: label, on: { click: onRemove } },
      icon('x', 'xs'),
    ),
  );
}

function aroundList({ app, locale }: PageContext, query: string, count: number): HTMLElement | null {
  const { isLoading, hasMore, failure } = app.stores.directory.get();
  if (failure !== null) {
    return emptyState({
      title: locale.failure({ code: failure }),
      action: button({
        label: locale.t('common.retry'),
        onClick: () => drop(app.actions.directory.search(query)),
      }),
    });
  }
  if (count > 0) {
    return hasMore
      ? button({
          label: locale.t('create.loadMore'),
          kind: 'link',
          onClick: () => drop(app.actions.directory.loadMore()),
        })
      : null;
  }
  if (isLoading) return skeletonRows(4, locale.t('common.loading'));
  if (query.trim() !== '') {
    return emptyState({
      icon: 'users',
      title: locale.t('create.nobody'),
      text: locale.t('create.nobodyText'),
    });
  }
  return nobodyElse(locale);
}

/** The address of this page is what colleagues need, unless it was opened on the server's own machine. */
function nobodyElse(locale: Locale): HTMLElement {
  const title = locale.t('create.alone');
  if (!isLoopback(location.hostname)) {
    const text = locale.t('create.aloneText', { address: location.origin });
    return emptyState({ icon: 'users', title, text });
  }
  return emptyState({
    icon: 'users',
    title,
    text: locale.t('create.aloneHere'),
    action: button({
      label: locale.t('admin.open'),
      icon: 'settings',
      onClick: () => location.assign('/admin'),
    }),
  });
}
