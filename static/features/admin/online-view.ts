import type { AdminOutput, OnlinePerson } from '#contract/admin.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { pageHead } from './page-head.ts';
import { personCell } from './person-cell.ts';
import { createRefresh } from './refresh.ts';

/** Who has an open connection right now. */
export function createOnlineView({ bridge, locale }: AdminContext): View {
  const count = h('span', {});
  const body = h('div', {}, skeletonRows(6, locale.say('admin.loading')));
  let shown = '';

  const show = ({ people, total }: AdminOutput<'admin:online'>): void => {
    setText(
      count,
      total > people.length
        ? `${locale.say('online.count', { count: total })} · ${locale.say('online.some', { count: people.length })}`
        : locale.say('online.count', { count: total }),
    );
    // an unchanged list is left alone: somebody may be reading or selecting in it
    const state = JSON.stringify(people);
    if (state === shown) return;
    shown = state;
    replaceContent(body, people.length === 0 ? nobody() : table(locale, people));
  };
  const nobody = (): HTMLElement =>
    emptyState({ icon: 'users', title: locale.say('online.none'), text: locale.say('online.noneText') });
  const refresh = createRefresh(2_000, async () => {
    const answer = await bridge.call('admin:online', {});
    if (answer.ok) show(answer.value);
  });
  return {
    element: h('div', {}, pageHead(locale.say('admin.online'), [count]), body),
    dispose: refresh.dispose,
  };
}

const table = (locale: AdminLocale, people: readonly OnlinePerson[]): HTMLElement =>
  h(
    'div',
    { class: 'table-box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('admin.online') },
    h(
      'table',
      { class: 'table' },
      h('thead', {}, headRow(locale)),
      h('tbody', {}, ...people.map((person) => row(locale, person))),
    ),
  );

const headRow = (locale: AdminLocale): HTMLElement =>
  h(
    'tr',
    {},
    h('th', { scope: 'col' }, locale.say('online.name')),
    h('th', { scope: 'col' }, locale.say('online.department')),
    h('th', { scope: 'col' }, locale.say('online.role')),
    h('th', { scope: 'col', class: 'table__number' }, locale.say('online.connections')),
  );

const roles = {
  owner: 'online.roleOwner',
  admin: 'online.roleAdmin',
  member: 'online.roleMember',
} as const;

const row = (locale: AdminLocale, person: OnlinePerson): HTMLElement =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, personCell(person)),
    h('td', {}, [person.department, person.title].filter((part) => part !== '').join(' ') || '–'),
    h('td', {}, locale.say(roles[person.role])),
    h('td', { class: 'table__number' }, locale.number(person.connections)),
  );
