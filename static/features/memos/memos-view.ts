/** Memos (쪽지): boxes beside the one that is open; where there is no room for both, one at a time. A later piece. */
import type { MemoBox } from '#contract/memos.ts';
import { h } from '../../ui/h.ts';
import { button, iconButton } from '../../ui/button.ts';
import { createTabs } from '../../ui/tabs.ts';
import { createViewSlot } from '../../ui/view.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import { createDisposables } from '../../state/disposables.ts';
import { openCompose } from './memo-compose-view.ts';
import { createMemoDesk } from './memo-desk.ts';
import { createMemoListView } from './memo-list-view.ts';
import { createMemoReadingView } from './memo-reading-view.ts';

export type MemosView = View & {
  /** The memo that the address names; `''` for none. */
  show: (memoUid: string) => void;
};

export type MemosDeps = {
  context: PageContext;
  memoUid: string;
  onOpen: (memoUid: string) => void;
  /** One step up: from a memo to its list, from the list to the rooms. */
  onBack: () => void;
};

export function createMemosView({ context, memoUid, onOpen, onBack }: MemosDeps): MemosView {
  const { app, locale, toasts } = context;
  const desk = createMemoDesk(app);
  const disposables = createDisposables();
  const back = (): HTMLElement =>
    iconButton({ icon: 'arrow-left', label: locale.t('common.back'), onClick: onBack, class: 'memos__back' });
  const tab = (id: MemoBox, label: string) => ({
    id,
    label,
    create: (): View => createMemoListView({ context, desk, box: id, onOpen }),
  });
  const tabs = createTabs({
    label: locale.t('memos.boxes'),
    prefix: 'memo-box',
    tabs: [
      tab('inbox', locale.t('memos.inbox')),
      tab('sent', locale.t('memos.sent')),
      tab('scheduled', locale.t('memos.scheduled')),
    ],
  });
  const list = h(
    'div',
    { class: 'memos__side' },
    h(
      'div',
      { class: 'memos__head' },
      back(),
      h('h2', { class: 'memos__title' }, locale.t('memos.title')),
      button({
        label: locale.t('memos.write'),
        icon: 'pencil',
        kind: 'primary',
        size: 'small',
        onClick: () => openCompose(context),
      }),
    ),
    tabs.element,
  );
  const reading = h('section', { class: 'memos__reading', 'aria-label': locale.t('memos.reading') });
  const slot = createViewSlot(reading);
  const element = h('div', { class: 'memos' }, list, reading);

  let shown: string | undefined;
  const show = (uid: string): void => {
    if (uid === shown) return;
    shown = uid;
    element.classList.toggle('memos--open', uid !== '');
    desk.show(uid === '' ? null : uid);
    toasts.remove(uid);
    const view = createMemoReadingView({ context, desk, memoUid: uid, back: back(), onBack, onOpen });
    slot.show(view);
    // a screen reader goes on where the memo begins
    if (uid !== '') requestAnimationFrame(() => view.focus());
  };
  disposables.add(tabs.dispose, slot.dispose, desk.dispose);
  show(memoUid);
  return { element, show, dispose: disposables.dispose };
}
