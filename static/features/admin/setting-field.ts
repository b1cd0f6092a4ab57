import type { Setting, SettingValue } from '#contract/admin.ts';
import { createChoice } from '../../ui/choice.ts';
import { createField } from '../../ui/field.ts';
import { h } from '../../ui/h.ts';
import type { AdminLocale, PlainAdminKey } from '../../locales/admin-locale.ts';

/** Keys that the form shows, each with its words. */
export const settingWords = {
  port: { name: 'setting.port', hint: 'setting.portHint' },
  host: { name: 'setting.host', hint: 'setting.hostHint' },
  trustProxy: { name: 'setting.trustProxy', hint: 'setting.trustProxyHint' },
  sessionTimeoutHours: { name: 'setting.sessionTimeoutHours', hint: 'setting.sessionTimeoutHoursHint' },
  maxContentLength: { name: 'setting.maxContentLength', hint: null },
  logLevel: { name: 'setting.logLevel', hint: null },
  metricsToken: { name: 'setting.metricsToken', hint: 'setting.metricsTokenHint' },
  loginPerMinute: { name: 'setting.loginPerMinute', hint: null },
  registerPerMinute: { name: 'setting.registerPerMinute', hint: null },
  uploadPerMinute: { name: 'setting.uploadPerMinute', hint: null },
  searchAdvancedPerMinute: { name: 'setting.searchAdvancedPerMinute', hint: null },
  socketSendMessagePerMinute: { name: 'setting.socketSendMessagePerMinute', hint: null },
  generalPerMinute: { name: 'setting.generalPerMinute', hint: null },
  connectionsPerUser: { name: 'setting.connectionsPerUser', hint: null },
  connectionsPerAddress: { name: 'setting.connectionsPerAddress', hint: null },
} as const satisfies Record<string, { name: PlainAdminKey; hint: PlainAdminKey | null }>;

export type SettingName = keyof typeof settingWords;

export type SettingField = {
  readonly element: HTMLElement;
  /** What to write, or undefined if it is as it was. */
  change: () => SettingValue | undefined;
  showProblem: () => void;
  focus: () => void;
};

/** One setting: editable, or read-only with the reason. */
export function createSettingField(locale: AdminLocale, setting: Setting): SettingField {
  if (setting.kind === 'choice' && !setting.isOverridden) return choiceField(locale, setting);
  const words = settingWords[setting.key as SettingName]; // the form asks for these keys only
  const before = setting.isSecret ? '' : textOf(setting.nextValue);
  const field = createField({
    label: locale.say(words.name),
    name: setting.key,
    value: before,
    placeholder: placeholderOf(locale, setting),
    hint: hintOf(locale, setting),
    maxLength: 4_096,
  });
  if (setting.kind === 'number') field.input.inputMode = 'numeric';
  field.input.readOnly = setting.isOverridden;
  field.element.classList.toggle('field--fixed', setting.isOverridden);
  // what was wrong is being corrected
  field.input.addEventListener('input', () => field.setHint(hintOf(locale, setting)));
  return {
    element: field.element,
    change: () => {
      const text = field.input.value.trim();
      return text === before || setting.isOverridden ? undefined : valueOf(setting, text);
    },
    showProblem: () =>
      field.setHint(`${locale.say('settings.wrong')} ${rangeOf(locale, setting)}`.trim(), 'bad'),
    focus: () => field.input.focus(),
  };
}

function choiceField(locale: AdminLocale, setting: Setting): SettingField {
  const words = settingWords[setting.key as SettingName]; // the form asks for these keys only
  const before = textOf(setting.nextValue);
  let value = before;
  const choice = createChoice({
    label: locale.say(words.name),
    value,
    options: (setting.choices ?? []).map((option) => ({ value: option, label: option })),
    onChange: (next) => (value = next),
  });
  const element = h(
    'div',
    { class: 'field field--wide' },
    h('div', { class: 'field__label' }, locale.say(words.name)),
    choice,
    h('p', { class: 'field__hint' }, hintOf(locale, setting)),
  );
  return {
    element,
    change: () => (value === before ? undefined : value),
    showProblem: () => undefined,
    focus: () => choice.querySelector<HTMLElement>('[tabindex="0"]')?.focus(),
  };
}

/** An empty box is the default. What is not a number goes to the server as it is, which refuses it by name. */
function valueOf({ kind }: Setting, text: string): SettingValue {
  if (text === '') return null;
  if (kind === 'number') return /^\d{1,15}$/.test(text) ? Number(text) : text;
  if (kind === 'networks') return text.split(',').map((part) => part.trim());
  return text;
}

const textOf = (value: SettingValue): string =>
  value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value);

function placeholderOf(locale: AdminLocale, { key, isSecret, nextValue }: Setting): string {
  if (isSecret) return nextValue === null ? locale.say('settings.none') : '••••••••';
  if (key === 'host') return locale.say('settings.everyAddress');
  return key === 'trustProxy' ? locale.say('settings.none') : locale.say('settings.default');
}

function hintOf(locale: AdminLocale, setting: Setting): string {
  const { isOverridden, source, sourceName: name, key, value, nextValue } = setting;
  if (isOverridden && source === 'environment') return locale.say('settings.byEnvironment', { name });
  if (isOverridden) return locale.say('settings.byArgument', { name });
  const parts: string[] = [];
  const { hint } = settingWords[key as SettingName]; // the form asks for these keys only
  if (setting.isSecret && nextValue !== null) parts.push(locale.say('settings.secretSet'));
  else if (hint !== null) parts.push(locale.say(hint));
  if (key === 'maxContentLength' && typeof nextValue === 'number') {
    parts.push(locale.say('setting.maxContentLengthHint', { size: locale.bytes(nextValue) }));
  }
  if (!setting.isSecret && textOf(value) !== textOf(nextValue)) {
    parts.push(locale.say('settings.waits', { value: textOf(nextValue) || locale.say('settings.default') }));
  }
  return parts.join(' ');
}

const rangeOf = (locale: AdminLocale, { minimum, maximum }: Setting): string =>
  minimum === undefined || maximum === undefined ? '' : locale.say('settings.range', { minimum, maximum });
