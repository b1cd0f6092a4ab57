/** Writing a poll. */
import { limits } from '#contract/limits.ts';
import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { checkBox } from '../../ui/check-box.ts';
import { createChoice } from '../../ui/choice.ts';
import { openDialog } from '../../ui/dialog.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { dateAndTime } from '../../ui/day-time.ts';
import { emptyDraft, finishDraft, isWorthKeeping } from './poll-draft.ts';
import type { DeadlineChoice, PollDraft } from './poll-draft.ts';
import { createOptionFields } from './poll-option-fields.ts';

const dayMs = 24 * 60 * 60_000;

/** `draft` is one that was closed before, or a poll that could not be sent. */
export function openPollDialog(
  context: PageContext,
  { roomUid, draft = emptyDraft() }: { roomUid: string; draft?: PollDraft },
): void {
  const { app, locale, toasts } = context;
  const problem = createFormNotice();
  const clear = (): void => problem.show(null);
  const question = createField({
    label: locale.t('polls.question'),
    name: 'poll-question',
    value: draft.question,
    placeholder: locale.t('polls.questionHint'),
    maxLength: limits.pollQuestionMax,
  });
  question.input.dir = 'auto';
  const options = createOptionFields(context, draft.options, clear);
  let { isMultiple, isAnonymous } = draft;
  const checks = [
    checkBox(locale.t('polls.allowMultiple'), locale.t('polls.allowMultipleHint'), isMultiple, (isOn) => {
      isMultiple = isOn;
    }),
    checkBox(locale.t('polls.makeAnonymous'), locale.t('polls.makeAnonymousHint'), isAnonymous, (isOn) => {
      isAnonymous = isOn;
    }),
  ];
  const deadline = createDeadlineField(context, draft, clear);

  let isSent = false;
  const present = (): PollDraft => ({
    question: question.input.value,
    options: options.values(),
    isMultiple,
    isAnonymous,
    ...deadline.value(),
  });
  const send = async (): Promise<void> => {
    const finished = finishDraft(present(), app.clock.now());
    if (!finished.ok) {
      problem.show(locale.t(finished.text));
      if (finished.text === 'polls.needQuestion') question.input.focus();
      return;
    }
    submit.disabled = true;
    const result = await app.actions.messages.sendPoll(roomUid, finished.poll);
    submit.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    isSent = true;
    dialog.close();
  };
  const keep = (): void => {
    const left = present();
    if (isSent || !isWorthKeeping(left)) return;
    const reopen = (): void => openPollDialog(context, { roomUid, draft: left });
    const action = { label: locale.t('polls.reopen'), onClick: reopen };
    toasts.show({ text: locale.t('polls.kept'), action, subject: `poll ${roomUid}` });
  };
  question.input.addEventListener('input', clear);
  const stopEnter = bindEnter({ box: question.input, onEnter: options.focus });
  const submit = button({ label: locale.t('polls.send'), kind: 'primary', onClick: () => drop(send()) });
  toasts.remove(`poll ${roomUid}`);
  const dialog = openDialog({
    title: locale.t('polls.new'),
    closeLabel: locale.t('common.close'),
    body: [question.element, options.element, ...checks, deadline.element, problem.element],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), submit],
    focus: question.input,
    onClose: () => {
      stopEnter();
      options.dispose();
      keep();
    },
  });
}

/** A poll that was taken back from the outbox: its deadline stays as it was, as far as it still lies ahead. */
export function openPollAgain(context: PageContext, { roomUid, text, poll }: OutboxItem): void {
  if (poll === undefined) return;
  const { options, isMultiple, isAnonymous, closesAt } = poll;
  const deadline = closesAt === null ? 'none' : 'other';
  openPollDialog(context, {
    roomUid,
    draft: {
      question: text,
      options: options.map((option) => option.text),
      isMultiple,
      isAnonymous,
      deadline,
      ...dateAndTime(closesAt ?? context.app.clock.now() + dayMs),
    },
  });
}

function createDeadlineField({ app, locale }: PageContext, draft: PollDraft, onChange: () => void) {
  let choice = draft.deadline;
  const tomorrow = dateAndTime(app.clock.now() + dayMs);
  const box = (type: 'date' | 'time', label: string, value: string): HTMLInputElement =>
    h('input', {
      class: 'field__input',
      type,
      value,
      'aria-label': label,
      // Browsers without such a box show a plain one.
      placeholder: type === 'date' ? 'YYYY-MM-DD' : 'HH:MM',
      on: { input: onChange },
    });
  const date = box('date', locale.t('polls.deadlineDate'), draft.date || tomorrow.date);
  const time = box('time', locale.t('polls.deadlineTime'), draft.time || tomorrow.time);
  const own = h('div', { class: 'poll-form__own', hidden: choice !== 'other' }, date, time);
  const option = (value: DeadlineChoice, label: string) => ({ value, label });
  const element = h(
    'div',
    { class: 'field poll-form__deadline' },
    h('p', { class: 'field__label' }, locale.t('polls.deadline')),
    createChoice<DeadlineChoice>({
      label: locale.t('polls.deadline'),
      value: choice,
      options: [
        option('none', locale.t('polls.deadlineNone')),
        option('hour', locale.t('polls.deadlineHour')),
        option('day', locale.t('polls.deadlineDay')),
        option('week', locale.t('polls.deadlineWeek')),
        option('other', locale.t('polls.deadlineOther')),
      ],
      onChange: (chosen) => {
        choice = chosen;
        own.hidden = chosen !== 'other';
        onChange();
        if (chosen === 'other') date.focus();
      },
    }),
    own,
  );
  return { element, value: () => ({ deadline: choice, date: date.value, time: time.value }) };
}
