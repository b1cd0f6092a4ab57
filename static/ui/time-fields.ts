/** A day and a time, as they are typed. */
import { h } from './h.ts';
import type { Locale } from '../locales/locale.ts';

export type TimeFields = {
  readonly element: HTMLElement;
  value: () => { date: string; time: string };
  focus: () => void;
};

export function createTimeFields(
  locale: Locale,
  value: { date: string; time: string },
  onChange: () => void,
): TimeFields {
  const box = (type: 'date' | 'time', label: string, text: string): HTMLInputElement =>
    h('input', {
      class: 'field__input',
      type,
      value: text,
      'aria-label': label,
      // Browsers without such a box show a plain one.
      placeholder: type === 'date' ? 'YYYY-MM-DD' : 'HH:MM',
      on: { input: onChange },
    });
  const date = box('date', locale.t('common.day'), value.date);
  const time = box('time', locale.t('common.clock'), value.time);
  return {
    element: h('div', { class: 'day-time' }, date, time),
    value: () => ({ date: date.value, time: time.value }),
    focus: () => date.focus(),
  };
}
