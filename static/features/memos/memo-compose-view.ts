/** Writing a memo. What is written is kept as it is typed, and stays until it was sent or thrown away. */
import { limits } from '#contract/limits.ts';
import { button } from '../../ui/button.ts';
import { createChoice } from '../../ui/choice.ts';
import { openDialog } from '../../ui/dialog.ts';
import { isComposingKey } from '../../ui/enter-key.ts';
import { h, setText } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { personName } from '../../ui/person-label.ts';
import { randomUid } from '../../state/random-uid.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { createPeoplePicker } from '../people/people-picker.ts';
import { dateAndTime } from '../../ui/day-time.ts';
import { draftName, finishDraft, quoteText, readDraft, writeDraft } from './memo-draft.ts';
import type { MemoDraft } from './memo-draft.ts';
import type { MemoEntry } from './memo-state.ts';
import { createTimeFields } from '../../ui/time-fields.ts';

const hourMs = 60 * 60_000;

type Start = { name: string; title: string; readerUids: readonly string[]; text: string };

/** A new memo, or the one that was left unfinished. */
export const openCompose = (context: PageContext): void =>
  drop(
    compose(context, {
      name: draftName(null),
      title: context.locale.t('memos.write'),
      readerUids: [],
      text: '',
    }),
  );

/** An answer to these people. */
export const openAnswer = (context: PageContext, { memo }: MemoEntry, readerUids: readonly string[]): void =>
  drop(
    compose(context, {
      name: draftName(memo.memoUid),
      title: context.locale.t('memos.reply'),
      readerUids,
      text: '',
    }),
  );

/** The same text to somebody else. */
export function openForward(context: PageContext, { memo, content }: MemoEntry): void {
  if (content.state !== 'open') return;
  const { app, locale } = context;
  const name = personName(locale, app.stores.people.get().byUid.get(memo.senderUid));
  const heading = locale.t('memos.forwardHead', { name, time: locale.full(memo.sentAt) });
  const text = quoteText(heading, content.text).slice(0, limits.messageTextMax);
  const title = locale.t('memos.forward');
  drop(compose(context, { name: draftName(`f.${memo.memoUid}`), title, readerUids: [], text }));
}

/** With the names of everybody whom a kept draft names; without them nothing of it would be lost, but nobody could see it. */
async function compose(context: PageContext, start: Start): Promise<void> {
  const { app, locale, toasts } = context;
  const kept = readDraft(app.stores.drafts.get().textByRoom.get(start.name));
  const readerUids = start.readerUids.length > 0 ? start.readerUids : (kept?.readerUids ?? []);
  await app.actions.directory.ensurePeople(readerUids);
  const known = app.stores.people.get().byUid;
  if (readerUids.some((uid) => !known.has(uid))) {
    toasts.show({ text: locale.failure({ code: 'OFFLINE' }), isProblem: true });
    return;
  }
  openComposer(context, start, {
    memoUid: kept?.memoUid ?? randomUid(),
    readerUids,
    text: kept?.text ?? start.text,
    later: kept?.later ?? null,
  });
}

function openComposer(context: PageContext, start: Start, draft: MemoDraft): void {
  const { app, locale, toasts } = context;
  let { memoUid } = draft;
  const subject = `memo ${start.name}`;
  const problem = createFormNotice();
  const label = locale.t('memos.text');
  const box = h('textarea', {
    class: 'field__input memo-compose__text',
    'aria-label': label,
    placeholder: label,
    dir: 'auto',
    rows: 7,
    maxlength: limits.messageTextMax,
  });
  box.value = draft.text;
  const count = h('span', { class: 'memo-compose__count', 'aria-hidden': 'true' });
  let isLater = draft.later !== null;
  let isDone = false;
  let isBusy = false;
  let isOpen = true;
  const fields = createTimeFields(locale, draft.later ?? dateAndTime(app.clock.now() + hourMs), () => keep());
  const picker = createPeoplePicker({
    context,
    presentUids: new Set(),
    initialUids: draft.readerUids,
    onChange: () => keep(),
  });
  const present = (): MemoDraft => ({
    memoUid,
    readerUids: picker.chosen(),
    text: box.value,
    later: isLater ? fields.value() : null,
  });
  const showCount = (): void => {
    const left = limits.messageTextMax - box.value.length;
    setText(count, left < 500 ? locale.number(left) : '');
  };
  const keep = (): void => {
    problem.show(null);
    showCount();
    setText(submitLabel, locale.t(isLater ? 'memos.schedule' : 'memos.send'));
    app.actions.drafts.set(start.name, writeDraft(present()));
  };
  const reopen = (): void => drop(compose(context, { ...start, readerUids: [] }));

  const send = async (): Promise<void> => {
    if (isBusy) return;
    const written = present();
    const finished = finishDraft(written, app.clock.now());
    if (!finished.ok) {
      problem.show(locale.t(`memos.${finished.problem}`));
      if (finished.problem === 'needReaders') picker.box.focus();
      if (finished.problem === 'needText') box.focus();
      return;
    }
    isBusy = true;
    submit.disabled = true;
    const { deliverAt } = finished;
    const result = await app.actions.memos.send({ ...written, deliverAt });
    isBusy = false;
    submit.disabled = false;
    settle(result, deliverAt);
  };
  const settle = (result: Result<{ isAsWritten: boolean }>, deliverAt: number | null): void => {
    if (!result.ok) {
      const reason = reasonOf(context, result);
      const action = { label: locale.t('memos.continue'), onClick: reopen };
      if (isOpen) problem.show(reason);
      else toasts.show({ text: locale.t('memos.notSent', { reason }), isProblem: true, action, subject });
      return;
    }
    if (!result.value.isAsWritten) {
      // what was sent before is on its way; what was changed since is a memo of its own
      memoUid = randomUid();
      keep();
      problem.show(locale.t('memos.sentBefore'));
      return;
    }
    isDone = true;
    app.actions.drafts.set(start.name, '');
    dialog.close();
    const text =
      deliverAt === null
        ? locale.t('memos.sentDone')
        : locale.t('memos.willDeliver', { time: locale.full(deliverAt) });
    toasts.show({ text, subject });
  };
  const throwAway = (): void => {
    isDone = true;
    app.actions.drafts.set(start.name, '');
    dialog.close();
  };
  box.addEventListener('input', keep);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isComposingKey(event)) return;
    event.preventDefault();
    drop(send());
  });
  const when = createChoice<'now' | 'later'>({
    label: locale.t('memos.when'),
    value: isLater ? 'later' : 'now',
    options: [
      { value: 'now', label: locale.t('memos.now') },
      { value: 'later', label: locale.t('memos.later') },
    ],
    onChange: (chosen) => {
      isLater = chosen === 'later';
      fields.element.hidden = !isLater;
      keep();
    },
  });
  fields.element.hidden = !isLater;
  const submit = button({ label: '', kind: 'primary', onClick: () => drop(send()) });
  const submitLabel = submit.querySelector('span') ?? submit;
  setText(submitLabel, locale.t(isLater ? 'memos.schedule' : 'memos.send'));
  toasts.remove(subject);
  const dialog = openDialog({
    title: start.title,
    closeLabel: locale.t('common.close'),
    size: 'wide',
    body: [
      h(
        'div',
        { class: 'memo-compose' },
        picker.element,
        h('div', { class: 'memo-compose__box' }, box, count),
      ),
      h('div', { class: 'memo-compose__when' }, when, fields.element),
      problem.element,
    ],
    foot: [
      h(
        'span',
        { class: 'dialog__foot-side' },
        button({ label: locale.t('memos.throwAway'), kind: 'quiet', onClick: throwAway }),
      ),
      button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }),
      submit,
    ],
    focus: draft.readerUids.length > 0 ? box : picker.box,
    onClose: () => {
      isOpen = false;
      picker.dispose();
      const isKept = !isDone && !isBusy && writeDraft(present()) !== '';
      const action = { label: locale.t('memos.continue'), onClick: reopen };
      if (isKept) toasts.show({ text: locale.t('memos.kept'), action, subject, isShort: true });
    },
  });
  if (draft.readerUids.length > 0) box.setSelectionRange(0, 0);
  showCount();
}

/** The sentence, with the person whom it is about. */
function reasonOf({ app, locale }: PageContext, failure: Extract<Result<unknown>, { ok: false }>): string {
  const reason = locale.failure(failure);
  if (failure.subject === undefined) return reason;
  const name = personName(locale, app.stores.people.get().byUid.get(failure.subject));
  return locale.t('memos.about', { name, reason });
}
