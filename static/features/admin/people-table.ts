import type { AdminPerson, PersonAct } from '#contract/admin-people.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { button, iconButton } from '../../ui/button.ts';
import { h } from '../../ui/h.ts';
import { lastSeenText } from '../../ui/last-seen-text.ts';
import { personCell } from './person-cell.ts';

export type PeopleTableDeps = {
  locale: AdminLocale;
  onAct: (person: AdminPerson, act: PersonAct) => void;
  onMenu: (person: AdminPerson, anchor: HTMLElement) => void;
};

export type PeopleTable = {
  readonly element: HTMLElement;
  /** Rows that did not change stay as they are: somebody may be about to press something in them. */
  show: (people: readonly AdminPerson[]) => void;
  /** Puts the focus where it was before the rows changed, or on what is left; false without anything. */
  focus: (key: string) => boolean;
};

const roles = { owner: 'online.roleOwner', admin: 'online.roleAdmin', member: 'online.roleMember' } as const;
const states = {
  active: 'people.stateActive',
  pending: 'people.statePending',
  disabled: 'people.stateDisabled',
} as const;

/** What stands in the row itself as a button; everything else is in its menu. */
const rowActs = { approve: 'people.approve', decline: 'people.decline', enable: 'people.enable' } as const;
const rowActNames = {
  approve: 'people.approveOf',
  decline: 'people.declineOf',
  enable: 'people.enableOf',
} as const;
type RowAct = keyof typeof rowActs;

export const isRowAct = (act: PersonAct): act is RowAct => act in rowActs;

/** A row as it is shown; `offers` says what its buttons were made for. */
type KnownRow = {
  person: AdminPerson;
  state: string;
  offers: string;
  actions: HTMLElement;
  row: HTMLElement;
};

/** People with what can be done about each of them. */
export function createPeopleTable({ locale, onAct, onMenu }: PeopleTableDeps): PeopleTable {
  const body = h('tbody', {});
  const element = h(
    'div',
    { class: 'table-box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('admin.people') },
    h('table', { class: 'table people__table' }, h('thead', {}, headRow(locale)), body),
  );
  let known = new Map<string, KnownRow>();
  /** A button outlives what its row said when it was made. */
  const latest = (person: AdminPerson): AdminPerson => known.get(person.userUid)?.person ?? person;

  const actButton = (person: AdminPerson, act: RowAct): HTMLElement => {
    const control = button({
      label: locale.say(rowActs[act]),
      kind: act === 'approve' ? 'primary' : 'plain',
      size: 'small',
      onClick: () => onAct(latest(person), act),
    });
    control.setAttribute('aria-label', locale.say(rowActNames[act], { name: person.displayName }));
    control.setAttribute('data-focus', `${act} ${person.userUid}`);
    return control;
  };
  const menuButton = (person: AdminPerson): HTMLElement => {
    const control = iconButton({
      icon: 'ellipsis',
      label: locale.say('people.menuOf', { name: person.displayName }),
      onClick: () => onMenu(latest(person), control),
    });
    control.setAttribute('aria-haspopup', 'menu');
    control.setAttribute('data-focus', `menu ${person.userUid}`);
    return control;
  };
  const actionsOf = (person: AdminPerson): HTMLElement =>
    h(
      'div',
      { class: 'people__actions' },
      ...person.may.filter(isRowAct).map((act) => actButton(person, act)),
      menuButton(person),
    );
  const rowOf = (person: AdminPerson, before: KnownRow | undefined): KnownRow => {
    const state = JSON.stringify(person);
    if (before?.state === state) return before;
    // a dialog that was opened from these buttons gives the focus back to the very one that opened it
    const offers = JSON.stringify([person.may, person.displayName]);
    const actions = before?.offers === offers ? before.actions : actionsOf(person);
    return { person, state, offers, actions, row: personRow(locale, person, actions) };
  };
  return {
    element,
    show: (people) => {
      known = new Map(people.map((person) => [person.userUid, rowOf(person, known.get(person.userUid))]));
      patchRows(
        body,
        [...known.values()].map(({ row }) => row),
      );
    },
    focus: (key) => {
      const controls = [...body.querySelectorAll<HTMLElement>('[data-focus]')];
      const same = controls.find((control) => control.getAttribute('data-focus') === key);
      const uid = key.split(' ')[1] ?? '';
      const near = controls.find((control) => control.getAttribute('data-focus')?.endsWith(` ${uid}`));
      const next = same ?? near ?? controls[0];
      next?.focus();
      return next !== undefined;
    },
  };
}

/** Leaves alone what is where it should be: a row that is taken out loses the focus. */
function patchRows(body: HTMLElement, rows: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(rows);
  // the collection changes while rows go
  const gone = [...body.children].filter((row) => !wanted.has(row));
  for (const row of gone) row.remove();
  rows.forEach((row, at) => {
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] ?? null);
  });
}

const personRow = (locale: AdminLocale, person: AdminPerson, actions: HTMLElement): HTMLElement =>
  h(
    'tr',
    { class: person.state === 'active' ? undefined : `people__row--${person.state}` },
    h(
      'th',
      { scope: 'row' },
      personCell(person, h('span', { class: 'people__brief' }, brief(locale, person))),
    ),
    h('td', { class: 'people__wide' }, workOf(person) || '–'),
    h('td', { class: 'people__wide' }, locale.say(roles[person.role])),
    h('td', { class: 'people__wide' }, stateCell(locale, person)),
    h('td', { class: 'table__action' }, actions),
  );

const workOf = ({ department, title }: AdminPerson): string =>
  [department, title].filter((part) => part !== '').join(' ');

/** On a phone the columns are not there: what they say stands below the name. */
function brief(locale: AdminLocale, person: AdminPerson): string {
  const role = person.role === 'member' ? '' : locale.say(roles[person.role]);
  const state = person.state === 'active' ? '' : locale.say(states[person.state]);
  return [workOf(person), role, state].filter((part) => part !== '').join(' · ');
}

function stateCell(locale: AdminLocale, person: AdminPerson): HTMLElement {
  const { state, stateSince, isOnline, lastSeenAt } = person;
  const since = stateSince === null ? null : locale.moment(stateSince, Date.now());
  if (state !== 'active') {
    return h(
      'span',
      {},
      h('span', { class: `people__state people__state--${state}` }, locale.say(states[state])),
      since !== null && h('span', { class: 'people__since' }, since),
    );
  }
  if (isOnline) return h('span', { class: 'people__online' }, locale.say('people.online'));
  const seen =
    lastSeenAt === null ? locale.say('people.never') : lastSeenText(locale, lastSeenAt, Date.now());
  return h('span', { class: 'people__seen' }, seen);
}

const headRow = (locale: AdminLocale): HTMLElement =>
  h(
    'tr',
    {},
    h('th', { scope: 'col' }, locale.say('people.name')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('people.department')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('people.role')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('people.state')),
    h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, locale.say('people.actions'))),
  );
