/** One box of memos: a line each, newest first. */
import type { MemoBox } from '#contract/memos.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { personName } from '../../ui/person-label.ts';
import { personMarks } from '../../ui/person-marks.ts';
import { roveFocus, setTabStop } from '../../ui/roving-focus.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { createDisposables } from '../../state/disposables.ts';
import { createMarkLooks } from '../trust/mark-looks.ts';
import type { MemoDesk } from './memo-desk.ts';
import { isUnread } from './memo-state.ts';
import type { MemoEntry } from './memo-state.ts';
import { previewOf, readerNames } from './memo-words.ts';

type ListDeps = {
  context: PageContext;
  desk: MemoDesk;
  box: MemoBox;
  onOpen: (memoUid: string) => void;
};

export function createMemoListView({ context, desk, box, onOpen }: ListDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const rows = h('ul', { class: 'memo-list', role: 'list', 'aria-label': locale.t(`memos.${box}`) });
  const around = h('div', { class: 'memo-list__around' });
  const element = h('div', { class: 'memos__scroll scroll' }, rows, around);
  const buttons = (): HTMLElement[] => [...rows.querySelectorAll('button')];
  roveFocus(rows, buttons);
  const lookAtMarks = createMarkLooks(app);

  const paint = (): void => {
    const state = desk.state.get();
    const { entries, isLoaded, isLoading, hasMore, failure } = state.boxes[box];
    const people = app.stores.people.get().byUid;
    if (box === 'inbox') lookAtMarks(entries.flatMap(({ memo }) => people.get(memo.senderUid) ?? []));
    const focused = buttons().find((item) => item === document.activeElement)?.dataset['memo'];
    replaceContent(
      rows,
      ...entries.map((entry) =>
        memoRow(context, entry, entry.memo.memoUid === state.open?.memoUid, () => onOpen(entry.memo.memoUid)),
      ),
    );
    rows.hidden = entries.length === 0;
    const items = buttons();
    const kept = items.find((item) => item.dataset['memo'] === focused);
    kept?.focus();
    setTabStop(items, kept ?? items.find((item) => item.hasAttribute('aria-current')) ?? items[0]);
    const isEmpty = isLoaded && entries.length === 0;
    const retry = button({ label: locale.t('common.retry'), onClick: desk.reload });
    replaceContent(
      around,
      failure !== null && emptyState({ title: locale.failure({ code: failure }), action: retry }),
      !isLoaded && isLoading && skeletonRows(5, locale.t('common.loading')),
      isEmpty &&
        failure === null &&
        emptyState({
          icon: 'mail',
          title: locale.t(`memos.${box}Empty`),
          text: locale.t(`memos.${box}EmptyText`),
        }),
      hasMore &&
        !isLoading &&
        button({ label: locale.t('memos.more'), kind: 'link', onClick: () => desk.loadMore() }),
    );
  };
  const task = createCalmTask(rows, paint);
  const timer = setInterval(task.request, 60_000);
  disposables.add(
    desk.state.subscribe((state) => state, task.request),
    app.stores.people.subscribe((state) => state, task.request),
    app.stores.trust.subscribe((state) => state, task.request),
    task.cancel,
    () => clearInterval(timer),
  );
  desk.showBox(box);
  paint();
  return { element, dispose: disposables.dispose };
}

function memoRow(context: PageContext, entry: MemoEntry, isOpen: boolean, onClick: () => void): HTMLElement {
  const { app, locale } = context;
  const { memo } = entry;
  const isMine = memo.box !== 'inbox';
  const people = app.stores.people.get().byUid;
  const who = isMine ? readerNames(context, entry) : personName(locale, people.get(memo.senderUid));
  const toneId = (isMine ? memo.readerUids?.[0] : memo.senderUid) ?? memo.senderUid;
  const at = memo.box === 'scheduled' ? (memo.deliverAt ?? memo.sentAt) : memo.sentAt;
  const isNew = isUnread(memo);
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: `memo-row${isNew ? ' memo-row--new' : ''}${isOpen ? ' memo-row--open' : ''}`,
        'aria-current': isOpen ? 'true' : undefined,
        'data-memo': memo.memoUid,
        tabindex: -1,
        on: { click: onClick },
      },
      avatar({ id: toneId, name: who }),
      h(
        'span',
        { class: 'memo-row__words' },
        h(
          'span',
          { class: 'memo-row__top' },
          h(
            'span',
            { class: 'memo-row__who' },
            who,
            ...(isMine ? [] : personMarks(locale, app.stores.trust.get(), memo.senderUid)),
          ),
          h('time', { class: 'memo-row__time', title: locale.full(at) }, locale.moment(at, app.clock.now())),
        ),
        h(
          'span',
          { class: 'memo-row__bottom' },
          isNew && icon('mail', 'xs'),
          h(
            'span',
            { class: `memo-row__text${entry.content.state === 'open' ? '' : ' memo-row__text--quiet'}` },
            previewOf(locale, entry),
          ),
          ...marks(context, entry),
        ),
      ),
    ),
  );
}

/** What became of it, for the sender: how many have opened it. */
function marks({ locale }: PageContext, { memo }: MemoEntry): Child[] {
  const { counts } = memo;
  if (memo.box !== 'sent' || counts === undefined) return [];
  const { read, readers, recalled } = counts;
  return [
    recalled > 0 && h('span', { class: 'memo-row__mark' }, locale.t('memos.recalledMark')),
    h(
      'span',
      { class: `memo-row__mark${read === readers ? ' memo-row__mark--all' : ''}` },
      read === readers ? locale.t('memos.allRead') : locale.t('memos.readCount', { read, count: readers }),
    ),
  ];
}
