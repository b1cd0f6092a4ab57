import { limits } from '#contract/limits.ts';
import { button } from '../../ui/button.ts';
import { createChoice } from '../../ui/choice.ts';
import { createField } from '../../ui/field.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { fullStatus, shownStatus } from '../../ui/person-status.ts';
import type { View } from '../../ui/view.ts';
import { daysBetween } from '../../locales/date-words.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meOf } from '../account/account-state.ts';
import { dateValue, presentEnd, statusEndAt } from './status-times.ts';
import type { StatusEnd } from './status-times.ts';

const presets = ['meeting', 'outside', 'vacation', 'lunch', 'home', 'focus'] as const;
const ends = ['never', 'half-hour', 'hour', 'today', 'date'] as const;
const dayMs = 86_400_000;

type StatusEndOption = { value: StatusEnd; label: string };

/** What I say of myself, and until when: it is taken away by itself then. */
export function createStatusForm({ app, locale, toasts }: PageContext): View {
  const disposables = createDisposables();
  const { account } = app.stores;
  const now = (): number => app.clock.now();
  const problem = createFormNotice();
  const text = createField({
    label: locale.t('profile.status'),
    name: 'status',
    value: shownStatus(meOf(account.get()) ?? undefined, now()),
    maxLength: limits.statusTextMax,
    placeholder: locale.t('profile.statusPlaceholder'),
  });
  const day = h('input', {
    class: 'field__input status__day',
    type: 'date',
    name: 'status-day',
    value: dateValue(now() + dayMs),
    min: dateValue(now()),
    max: dateValue(now() + (limits.statusDaysMax - 1) * dayMs),
    'aria-label': locale.t('status.lastDay'),
    hidden: true,
  });
  const choice = h('div', {});
  const presentUntil = (): number | undefined => meOf(account.get())?.statusUntil;
  let end: StatusEnd = 'never';
  const chooseEnd = (next: StatusEnd): void => {
    end = next;
    day.hidden = next !== 'date';
    if (next === 'date') day.focus();
  };
  /** With the end of the present status chosen, so that a new text does not lose it. */
  const drawEnds = (): void => {
    end = presentEnd(presentUntil(), now());
    const until = presentUntil() ?? 0;
    const isToday = daysBetween(now(), until) === 0;
    const time = isToday ? locale.time(until) : locale.date(until);
    const kept: StatusEndOption[] =
      end === 'kept' ? [{ value: 'kept', label: locale.t('status.end.kept', { time }) }] : [];
    const options = ends.map((value) => ({ value, label: locale.t(`status.end.${value}`) }));
    day.hidden = true;
    replaceContent(
      choice,
      createChoice<StatusEnd>({
        label: locale.t('status.ends'),
        options: [...kept, ...options],
        value: end,
        onChange: chooseEnd,
      }),
    );
  };
  const preset = (name: (typeof presets)[number]): HTMLElement => {
    const words = locale.t(`status.preset.${name}`);
    const take = (): void => {
      text.input.value = words;
      text.input.focus();
    };
    return h('button', { type: 'button', class: 'status__preset', on: { click: take } }, words);
  };
  const current = h('p', { class: 'status__now', role: 'status' });
  const submit = button({ label: locale.t('status.set'), kind: 'primary', type: 'submit' });
  const clear = button({ label: locale.t('status.clear'), onClick: () => drop(save('', null)) });

  const save = async (statusText: string, statusUntil: number | null): Promise<void> => {
    submit.disabled = true;
    clear.disabled = true;
    problem.show(null);
    const result = await app.actions.account.updateProfile({ statusText, statusUntil });
    submit.disabled = false;
    clear.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    if (statusText === '') text.input.value = '';
    drawEnds();
    toasts.show({ text: locale.t('common.saved'), subject: 'status' });
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const statusText = text.input.value.trim();
    const isDayMissing = end === 'date' && !(Date.parse(day.value) > 0 && day.validity.valid);
    if (isDayMissing) {
      problem.show(locale.t('status.dayMissing'));
      day.focus();
      return;
    }
    const chosen = end === 'kept' ? (presentUntil() ?? null) : statusEndAt(end, day.value, now());
    drop(save(statusText, statusText === '' ? null : chosen));
  };
  const paint = (): void => {
    const words = fullStatus(locale, meOf(account.get()) ?? undefined, now());
    replaceContent(current, words === '' ? locale.t('status.none') : words);
    clear.hidden = words === '';
  };
  disposables.add(account.subscribe((state) => meOf(state), paint));
  paint();
  drawEnds();
  const element = h(
    'form',
    { class: 'status', novalidate: true, on: { submit: onSubmit } },
    current,
    problem.element,
    text.element,
    h(
      'div',
      { class: 'status__presets', role: 'group', 'aria-label': locale.t('status.presets') },
      ...presets.map(preset),
    ),
    h('p', { class: 'setting__label' }, locale.t('status.ends')),
    choice,
    day,
    h('div', { class: 'status__foot' }, submit, clear),
  );
  return { element, dispose: disposables.dispose };
}
