import type { AdminOutput, Setting, SettingValue } from '#contract/admin.ts';
import { button } from '../../ui/button.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { PlainAdminKey } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { pageHead } from './page-head.ts';
import { createPolicyCards } from './policy-cards.ts';
import { createRestartNotice } from './restart.ts';
import { createSettingField } from './setting-field.ts';
import type { SettingField, SettingName } from './setting-field.ts';
import { createSignUpChoice } from './sign-up-choice.ts';

const groups: readonly { title: PlainAdminKey; text?: PlainAdminKey; keys: readonly SettingName[] }[] = [
  { title: 'settings.network', keys: ['port', 'host', 'trustProxy'] },
  { title: 'settings.sessions', keys: ['sessionTimeoutHours', 'maxContentLength'] },
  {
    title: 'settings.limits',
    text: 'settings.limitsText',
    keys: [
      'loginPerMinute',
      'registerPerMinute',
      'socketSendMessagePerMinute',
      'uploadPerMinute',
      'searchAdvancedPerMinute',
      'generalPerMinute',
    ],
  },
  {
    title: 'settings.operation',
    keys: ['connectionsPerUser', 'connectionsPerAddress', 'metricsToken', 'logLevel'],
  },
];

/** After so long the old server is gone, and a question waits for the new one. */
const restartMs = 2_500;

/** The settings of the server; `extra` parts (of the desktop app) stand above them. */
export function createSettingsView(context: AdminContext, extra: readonly View[] = []): View {
  const { bridge, locale } = context;
  const restart = createRestartNotice(context);
  const body = h('div', {}, skeletonRows(6, locale.say('admin.loading')));
  const show = (state: AdminOutput<'admin:settings'>): void => {
    restart.show(state.isRestartNeeded);
    replaceContent(body, createForm(context, state, show));
  };
  const load = async (): Promise<void> => {
    const answer = await bridge.call('admin:settings', {});
    if (answer.ok) show(answer.value);
    else replaceContent(body, h('p', { class: 'card__text' }, locale.failure(answer)));
  };
  drop(load());
  const policy = createSignUpChoice(context);
  const place = h('p', { class: 'settings__place' });
  const loadOverview = async (): Promise<void> => {
    const answer = await bridge.call('admin:overview', {});
    if (!answer.ok) return;
    policy.show(answer.value.signUp);
    setText(place, answer.value.dataDir);
  };
  drop(loadOverview());
  let later: ReturnType<typeof setTimeout> | undefined;
  const stopListening = bridge.on('admin:restarting', () => {
    later = setTimeout(() => drop(load()), restartMs);
  });
  const element = h(
    'div',
    { class: 'settings' },
    pageHead(locale.say('admin.settings'), [locale.say('settings.lead')]),
    restart.element,
    ...extra.map((view) => view.element),
    signUpCard(context, policy.element),
    createPolicyCards(context),
    placeCard(context, place),
    body,
  );
  return {
    element,
    dispose: () => {
      stopListening();
      clearTimeout(later);
      for (const view of extra) view.dispose();
    },
  };
}

const signUpCard = ({ locale }: AdminContext, choice: HTMLElement): HTMLElement =>
  h(
    'section',
    { class: 'card' },
    h('h2', { class: 'card__title' }, locale.say('overview.signUp')),
    h('p', { class: 'card__text' }, locale.say('settings.signUpText')),
    choice,
  );

const placeCard = ({ locale }: AdminContext, place: HTMLElement): HTMLElement =>
  h(
    'section',
    { class: 'card' },
    h('h2', { class: 'card__title' }, locale.say('settings.place')),
    h('p', { class: 'card__text' }, locale.say('settings.placeText')),
    place,
  );

function createForm(
  context: AdminContext,
  { settings }: AdminOutput<'admin:settings'>,
  onSaved: (state: AdminOutput<'admin:settings'>) => void,
): HTMLElement {
  const { bridge, locale, toasts } = context;
  const fields = new Map<string, SettingField>();
  const problem = createFormNotice();
  const submit = button({ label: locale.t('common.save'), kind: 'primary', type: 'submit' });

  const save = async (): Promise<void> => {
    const changes: Record<string, SettingValue> = {};
    for (const [key, field] of fields) {
      const value = field.change();
      if (value !== undefined) changes[key] = value;
    }
    if (Object.keys(changes).length === 0) {
      toasts.show({ text: locale.say('settings.nothing'), subject: 'settings' });
      return;
    }
    submit.disabled = true;
    problem.show(null);
    const answer = await bridge.call('admin:change-settings', { changes });
    submit.disabled = false;
    if (answer.ok) {
      toasts.show({ text: locale.say('settings.saved'), subject: 'settings' });
      onSaved(answer.value);
      return;
    }
    const field = fields.get(answer.field ?? '');
    if (answer.code === 'INVALID_INPUT') field?.showProblem();
    problem.show(locale.failure(answer));
    field?.focus();
  };
  const group = ({ title, text, keys }: (typeof groups)[number]): HTMLElement => {
    const parts = keys.flatMap((key) => {
      const setting = settings.find((candidate) => candidate.key === key);
      if (setting === undefined) return [];
      const field = createSettingField(locale, setting);
      fields.set(key, field);
      return [field.element];
    });
    return h(
      'section',
      { class: 'card' },
      h('h2', { class: 'card__title' }, locale.say(title)),
      text !== undefined && h('p', { class: 'card__text' }, locale.say(text)),
      h('div', { class: 'settings__grid' }, ...parts),
    );
  };
  return h(
    'form',
    {
      novalidate: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          drop(save());
        },
      },
    },
    ...groups.map(group),
    unavailable(context, settings),
    h('div', { class: 'settings__foot' }, problem.element, submit),
  );
}

/** What can be said at a start only; the folder has a place of its own. */
const argumentsOnly: ReadonlySet<string> = new Set(['dataDir', 'startEmpty']);

/** What other versions would know: listed, so that nobody looks for it in vain. */
function unavailable({ locale }: AdminContext, settings: readonly Setting[]): HTMLElement {
  const rows = settings.filter(({ key, isEditable }) => !isEditable && !argumentsOnly.has(key));
  return h(
    'details',
    { class: 'settings__others' },
    h('summary', {}, locale.say('settings.unavailable')),
    h(
      'dl',
      { class: 'facts' },
      ...rows.flatMap(({ key, value }) => [
        h('dt', { class: 'facts__name' }, key),
        h('dd', { class: 'facts__value' }, value === null ? locale.say('settings.none') : String(value)),
      ]),
    ),
  );
}
