import { limits } from '#contract/limits.ts';
import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { dateAndTime, timeOf } from '../../ui/day-time.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { createTimeFields } from '../../ui/time-fields.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';

export type ScheduleInput = {
  text: string;
  /** By the server's clock. */
  deliverAt: number;
  onSave: (text: string, deliverAt: number) => Promise<Result<void>>;
  onDone: () => void;
};

const hourMs = 3_600_000;

/** Tomorrow at nine: when most of what is written in the evening is meant for. */
export function tomorrowMorning(now: number): number {
  return new Date(new Date(now).setHours(24, 0, 0, 0)).setHours(9, 0, 0, 0);
}

/** A text and when it is to be sent. */
export function openScheduleDialog({ app, locale, toasts }: PageContext, input: ScheduleInput): void {
  const problem = createFormNotice();
  const text = h('textarea', {
    class: 'field__input schedule__text',
    rows: 5,
    dir: 'auto',
    maxlength: limits.messageTextMax,
    'aria-label': locale.t('scheduled.text'),
  });
  text.value = input.text;
  let fields = createTimeFields(locale, dateAndTime(input.deliverAt), () => problem.show(null));
  const place = h('div', {}, fields.element);
  const setTime = (at: number): void => {
    fields = createTimeFields(locale, dateAndTime(at), () => problem.show(null));
    place.textContent = '';
    place.appendChild(fields.element);
  };
  const quick = (label: string, at: () => number): HTMLElement =>
    button({ label, size: 'small', onClick: () => setTime(at()) });
  const save = async (): Promise<void> => {
    const deliverAt = timeOf(fields.value());
    if (deliverAt === null || deliverAt <= app.clock.now()) {
      problem.show(locale.t('scheduled.needTime'));
      fields.focus();
      return;
    }
    submit.disabled = true;
    const result = await input.onSave(text.value, deliverAt);
    submit.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    input.onDone();
    toasts.show({ text: locale.t('scheduled.will', { time: locale.full(deliverAt) }) });
  };
  const submit = button({ label: locale.t('scheduled.save'), kind: 'primary', onClick: () => drop(save()) });
  const dialog = openDialog({
    title: locale.t('scheduled.new'),
    closeLabel: locale.t('common.close'),
    body: [
      problem.element,
      text,
      h(
        'div',
        { class: 'schedule__quick', role: 'group', 'aria-label': locale.t('scheduled.quick') },
        quick(locale.t('scheduled.inAnHour'), () => app.clock.now() + hourMs),
        quick(locale.t('scheduled.tomorrow'), () => tomorrowMorning(app.clock.now())),
      ),
      place,
      h('p', { class: 'dialog__text schedule__hint' }, locale.t('scheduled.hint')),
    ],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), submit],
    focus: text,
  });
}
