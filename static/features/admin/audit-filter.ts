import type { AdminInput } from '#contract/admin.ts';
import type { AdminPerson } from '#contract/admin-people.ts';
import { button } from '../../ui/button.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { PlainAdminKey } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { actionGroups, actionName } from './audit-sentence.ts';

type Filter = Pick<AdminInput<'admin:audit'>, 'about' | 'actions' | 'from' | 'to'>;
/** Whom a link named: the uid, and the words for the box. */
export type AuditSubject = { about: string; text: string };

export type AuditFilter = View & { value: () => Filter };

const askDelayMs = 200;
const offeredMax = 20;

/** Who is no person and still does things. */
const machines: readonly { about: string; name: PlainAdminKey }[] = [
  { about: 'host', name: 'adminAudit.host' },
  { about: 'cli', name: 'adminAudit.cli' },
  { about: 'server', name: 'adminAudit.server' },
];

/** Narrows the log to a person, to some actions, to some days. */
export function createAuditFilter(
  context: AdminContext,
  startsWith: AuditSubject | null,
  onChange: () => void,
): AuditFilter {
  const { locale } = context;
  const person = createPersonBox(context, startsWith, onChange);
  const actions = actionSelect(context, onChange);
  const day = (label: PlainAdminKey): HTMLInputElement =>
    h('input', {
      class: 'field__input audit-filter__day',
      type: 'date',
      'aria-label': locale.say(label),
      placeholder: 'YYYY-MM-DD',
      on: { change: onChange },
    });
  const from = day('adminAudit.from');
  const to = day('adminAudit.to');
  const clear = button({
    label: locale.say('adminAudit.clear'),
    kind: 'link',
    onClick: () => {
      person.clear();
      actions.value = '';
      from.value = '';
      to.value = '';
      onChange();
    },
  });
  return {
    element: h(
      'div',
      { class: 'audit-filter', role: 'group', 'aria-label': locale.say('adminAudit.filter') },
      person.element,
      actions,
      h('span', { class: 'audit-filter__days' }, from, h('span', { 'aria-hidden': 'true' }, '–'), to),
      clear,
    ),
    value: () => {
      const about = person.value();
      const first = dayStart(from.value);
      // the server asks for what is before it, and a day need not have 24 hours
      const end = dayStart(to.value, 1);
      return {
        ...(about === '' ? {} : { about }),
        ...(actions.value === '' ? {} : { actions: actions.value }),
        ...(first === null ? {} : { from: first }),
        ...(end === null ? {} : { to: end }),
      };
    },
    dispose: person.dispose,
  };
}

/** When a typed day, or one so many days after it, begins in this browser's time zone. */
function dayStart(text: string, daysLater = 0): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + daysLater).getTime();
  return Number.isFinite(at) ? at : null;
}

function actionSelect({ locale }: AdminContext, onChange: () => void): HTMLSelectElement {
  const element = h(
    'select',
    {
      class: 'field__input audit-filter__actions',
      'aria-label': locale.say('adminAudit.action'),
      on: { change: onChange },
    },
    h('option', { value: '' }, locale.say('adminAudit.everyAction')),
    ...actionGroups.map(({ name, actions }) =>
      h(
        'optgroup',
        { label: locale.say(name) },
        h(
          'option',
          { value: actions.join() },
          locale.say('adminAudit.wholeGroup', { name: locale.say(name) }),
        ),
        ...actions.map((action) => h('option', { value: action }, actionName(locale, action))),
      ),
    ),
  );
  return element;
}

/** A box that offers people as one types; what is no person (any more) narrows to nothing. */
function createPersonBox(
  { bridge, locale }: AdminContext,
  startsWith: AuditSubject | null,
  onChange: () => void,
): View & { value: () => string; clear: () => void } {
  const list = h('datalist', { id: 'audit-people' });
  const box = h('input', {
    class: 'field__input audit-filter__person',
    type: 'search',
    list: list.id,
    placeholder: locale.say('adminAudit.person'),
    'aria-label': locale.say('adminAudit.person'),
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const uidsByText = new Map(machines.map(({ about, name }) => [locale.say(name), about]));
  let about = startsWith?.about ?? '';
  let request = 0;
  if (startsWith !== null) {
    uidsByText.set(startsWith.text, startsWith.about);
    box.value = startsWith.text;
  }

  const offer = (people: readonly AdminPerson[]): void => {
    for (const person of people) uidsByText.set(auditText(person), person.userUid);
    const texts = [...people.map(auditText), ...machines.map(({ name }) => locale.say(name))];
    replaceContent(list, ...texts.map((text) => h('option', { value: text })));
  };
  const ask = async (): Promise<void> => {
    request += 1;
    const mine = request;
    const query = box.value.replace(/@.*$/, '').trim().slice(0, 100);
    const answer = await bridge.call('admin:people', {
      limit: offeredMax,
      ...(query === '' ? {} : { query }),
    });
    if (mine === request && answer.ok) offer(answer.value.people);
  };
  const choose = (): void => {
    const text = box.value.trim();
    const next = text === '' ? '' : (uidsByText.get(text) ?? text.replace(/^@/, ''));
    if (next === about) return;
    about = next;
    onChange();
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  box.addEventListener('input', () => {
    clearTimeout(typing);
    // a choice from the list comes as an input, too
    if (box.value === '' || uidsByText.has(box.value)) return choose();
    typing = setTimeout(() => drop(ask()), askDelayMs);
  });
  box.addEventListener('change', choose);
  drop(ask());
  return {
    element: h('span', { class: 'audit-filter__who' }, box, list),
    value: () => about,
    clear: () => {
      about = '';
      box.value = '';
    },
    dispose: () => {
      request += 1;
      clearTimeout(typing);
    },
  };
}

/** How a person stands in the box, and in the link of somebody's row to this page. */
export const auditText = ({ displayName, username }: AdminPerson): string => `${displayName} @${username}`;
