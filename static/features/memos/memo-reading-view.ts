/** The memo that is open: who wrote to whom and when, what it says, and what can be done with it. */
import { avatar } from '../../ui/avatar.ts';
import { button, iconButton } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import type { IconName } from '../../ui/icon.ts';
import { splitLinks } from '../../ui/linked-text.ts';
import { notice } from '../../ui/notice.ts';
import { personName } from '../../ui/person-label.ts';
import { personMarks } from '../../ui/person-marks.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { createDisposables } from '../../state/disposables.ts';
import { meUidOf } from '../account/account-state.ts';
import { createMarkLooks } from '../trust/mark-looks.ts';
import { openAnswer, openForward } from './memo-compose-view.ts';
import type { MemoDesk, OpenMemo } from './memo-desk.ts';
import { printMemo } from './memo-print.ts';
import { receiptList } from './memo-receipts.ts';
import { openReschedule } from './memo-schedule-view.ts';
import { answerUids, writtenAt } from './memo-state.ts';
import type { MemoEntry } from './memo-state.ts';
import { sortedByName } from './memo-words.ts';

export type ReadingView = View & { focus: () => void };

export type ReadingDeps = {
  context: PageContext;
  desk: MemoDesk;
  memoUid: string;
  back: HTMLElement;
  onBack: () => void;
  onOpen: (memoUid: string) => void;
};

export function createMemoReadingView(deps: ReadingDeps): ReadingView {
  const { context, desk, memoUid, back } = deps;
  const { app, locale } = context;
  const disposables = createDisposables();
  const title = h('h2', { class: 'memo__title', tabindex: -1 });
  const tools = h('div', { class: 'memo__tools', role: 'toolbar', 'aria-label': locale.t('memos.tools') });
  const body = h('div', { class: 'memo__body scroll' });
  const element = h('div', { class: 'memo' }, h('div', { class: 'memo__head' }, back, title, tools), body);

  const lookAtMarks = createMarkLooks(app);
  const lookAtPeople = ({ entry, receipts }: OpenMemo): void => {
    const readers = entry?.content.state === 'open' ? entry.content.readerUids : [];
    const uids = [...readers, ...(receipts ?? []).map(({ userUid }) => userUid), entry?.memo.senderUid ?? ''];
    const { byUid } = app.stores.people.get();
    lookAtMarks(uids.flatMap((userUid) => byUid.get(userUid) ?? []));
  };
  let painted: unknown[] = [];
  const paint = (): void => {
    const { open } = desk.state.get();
    if (open?.memoUid !== memoUid) {
      if (memoUid === '') replaceContent(body, nothingOpen(context));
      return;
    }
    const { entry } = open;
    // what a press is about to hit must not be made anew for nothing
    lookAtPeople(open);
    const { verifiedUids, unconfirmedUids } = app.stores.trust.get();
    const marks = [verifiedUids, unconfirmedUids];
    const present = [entry, open.receipts, open.failure, app.stores.people.get(), ...marks];
    if (present.every((fact, index) => Object.is(fact, painted[index])) && painted.length > 0) return;
    painted = present;
    replaceContent(title, entry === null ? locale.t('memos.title') : titleOf(deps, entry));
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['tool'] : undefined;
    replaceContent(tools, ...(entry === null ? [] : toolsFor(deps, entry)));
    if (focused !== undefined) tools.querySelector<HTMLElement>(`[data-tool="${focused}"]`)?.focus();
    replaceContent(body, ...bodyOf(deps, open));
  };
  const task = createCalmTask(body, paint);
  disposables.add(
    desk.state.subscribe(({ open }) => open, task.request),
    app.stores.people.subscribe((state) => state, task.request),
    app.stores.trust.subscribe((state) => state, task.request),
    task.cancel,
  );
  element.classList.toggle('memo--none', memoUid === '');
  paint();
  return { element, dispose: disposables.dispose, focus: () => title.focus({ preventScroll: true }) };
}

const nothingOpen = ({ locale }: PageContext): HTMLElement =>
  emptyState({ icon: 'mail-open', title: locale.t('memos.noneOpen'), text: locale.t('memos.noneOpenText') });

function titleOf({ context: { app, locale } }: ReadingDeps, { memo }: MemoEntry): string {
  const name = personName(locale, app.stores.people.get().byUid.get(memo.senderUid));
  if (memo.box === 'inbox') return locale.t('memos.from', { name });
  return locale.t(memo.box === 'sent' ? 'memos.sentOne' : 'memos.scheduledOne');
}

function tool(name: string, icon: IconName, label: string, onClick: () => void): HTMLElement {
  const element = iconButton({ icon, label, onClick });
  element.dataset['tool'] = name;
  return element;
}

function toolsFor(deps: ReadingDeps, entry: MemoEntry): Child[] {
  const { context } = deps;
  const { app, locale } = context;
  const { memo, content } = entry;
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const isOpen = content.state === 'open';
  const isScheduled = memo.box === 'scheduled';
  const answer = (isToAll: boolean): void => openAnswer(context, entry, answerUids(entry, meUid, isToAll));
  const others = answerUids(entry, meUid, true).length;
  const left = (memo.counts?.readers ?? 0) - (memo.counts?.read ?? 0) - (memo.counts?.recalled ?? 0);
  return [
    memo.box === 'inbox' && isOpen && tool('reply', 'reply', locale.t('memos.reply'), () => answer(false)),
    memo.box === 'inbox' &&
      isOpen &&
      others > 1 &&
      tool('reply-all', 'reply-all', locale.t('memos.replyAll'), () => answer(true)),
    isOpen && tool('forward', 'forward', locale.t('memos.forward'), () => openForward(context, entry)),
    isOpen && tool('print', 'printer', locale.t('memos.print'), () => printMemo(context, entry)),
    isScheduled &&
      tool('time', 'calendar-clock', locale.t('memos.reschedule'), () =>
        openReschedule(context, deps.desk, memo),
      ),
    memo.box === 'sent' &&
      left > 0 &&
      tool('recall', 'undo-2', locale.t('memos.recall'), () => confirmRecall(deps, entry, left)),
    tool('delete', 'trash-2', locale.t(isScheduled ? 'memos.cancel' : 'memos.delete'), () =>
      confirmDelete(deps, entry),
    ),
  ];
}

function confirmRecall({ context, desk }: ReadingDeps, { memo }: MemoEntry, left: number): void {
  const { app, locale, announce } = context;
  openConfirm({
    locale,
    title: locale.t('memos.recall'),
    text: [locale.t('memos.recallText', { count: left }), locale.t('memos.recallTrace')],
    confirmLabel: locale.t('memos.recall'),
    isDanger: true,
    onConfirm: async () => {
      const result = await app.actions.memos.recall(memo.memoUid);
      if (result.ok) {
        desk.take(result.value);
        announce(locale.t('memos.recallDone'));
      }
      return result;
    },
  });
}

function confirmDelete({ context, desk, onBack }: ReadingDeps, { memo }: MemoEntry): void {
  const { app, locale, announce } = context;
  const isScheduled = memo.box === 'scheduled';
  openConfirm({
    locale,
    title: locale.t(isScheduled ? 'memos.cancel' : 'memos.delete'),
    text: [locale.t(isScheduled ? 'memos.cancelText' : 'memos.deleteText')],
    confirmLabel: locale.t(isScheduled ? 'memos.cancel' : 'memos.delete'),
    isDanger: true,
    onConfirm: () => app.actions.memos.remove(memo.memoUid),
    onDone: () => {
      onBack();
      desk.takeOut(memo.memoUid);
      announce(locale.t('memos.deleteDone'));
    },
  });
}

function bodyOf(deps: ReadingDeps, { entry, receipts, failure }: OpenMemo): Child[] {
  const { context, desk, memoUid } = deps;
  const { locale } = context;
  if (failure !== null && (entry === null || entry.content.state === 'closed')) {
    const isMissing = failure === 'NOT_FOUND';
    const retry = button({ label: locale.t('common.retry'), onClick: () => desk.show(memoUid) });
    const title = isMissing ? locale.t('memos.gone') : locale.failure({ code: failure });
    return [emptyState({ icon: 'mail-open', title, ...(isMissing ? {} : { action: retry }) })];
  }
  if (entry === null || entry.content.state === 'closed')
    return [skeletonRows(3, locale.t('common.loading'))];
  return [
    facts(context, entry),
    ...warnings(context, entry),
    text(context, entry),
    receipts !== null && receiptList(context, entry.memo, receipts),
  ];
}

function facts(context: PageContext, entry: MemoEntry): HTMLElement {
  const { app, locale } = context;
  const { memo, content } = entry;
  const name = personName(locale, app.stores.people.get().byUid.get(memo.senderUid));
  const uids = content.state === 'open' ? content.readerUids : [];
  const written = writtenAt(entry);
  const at = memo.deliverAt ?? memo.sentAt;
  return h(
    'div',
    { class: 'memo__facts' },
    avatar({ id: memo.senderUid, name }),
    h(
      'div',
      { class: 'memo__who' },
      h(
        'span',
        { class: 'memo__sender' },
        name,
        ...personMarks(locale, app.stores.trust.get(), memo.senderUid),
      ),
      uids.length > 0 &&
        h(
          'span',
          { class: 'memo__readers' },
          locale.t('memos.to', { names: '' }),
          ...readersWithMarks(context, uids),
        ),
    ),
    h(
      'div',
      { class: 'memo__when' },
      h(
        'time',
        {},
        memo.deliverAt === undefined
          ? locale.full(at)
          : locale.t('memos.deliversAt', { time: locale.full(at) }),
      ),
      written !== null && h('span', {}, locale.t('memos.writtenAt', { time: locale.full(written) })),
    ),
  );
}

const readersWithMarks = (context: PageContext, uids: readonly string[]): Child[] =>
  sortedByName(context, uids).flatMap(({ userUid, name }, index) => [
    index > 0 && ', ',
    name,
    ...personMarks(context.locale, context.app.stores.trust.get(), userUid),
  ]);

function warnings({ locale }: PageContext, { memo, content }: MemoEntry): Child[] {
  const isUnconfirmed = content.state === 'open' && !content.isSenderConfirmed;
  const recalled = memo.counts?.recalled ?? 0;
  return [
    isUnconfirmed && notice('warn', locale.t('memos.unconfirmed')),
    recalled > 0 && notice('plain', locale.t('memos.recalledFrom', { count: recalled })),
  ];
}

function text({ locale }: PageContext, { content }: MemoEntry): HTMLElement {
  switch (content.state) {
    case 'open':
      return h(
        'div',
        { class: 'memo__text', dir: 'auto' },
        ...splitLinks(content.text).map((part) =>
          part.kind === 'text'
            ? part.text
            : h('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer' }, part.text),
        ),
      );
    case 'recalled':
      return emptyState({
        icon: 'undo-2',
        title: locale.t('memos.recalled'),
        text: locale.t('memos.recalledText'),
      });
    case 'unreadable':
      return notice('bad', `${locale.t('memos.unreadable')} ${locale.failure({ code: content.reason })}`);
    case 'closed':
      return h('div', {});
    default:
      return content satisfies never;
  }
}
