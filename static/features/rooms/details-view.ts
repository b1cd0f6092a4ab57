import type { Room } from '#contract/rooms.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { button, iconButton } from '../../ui/button.ts';
import { notice } from '../../ui/notice.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { createTabs } from '../../ui/tabs.ts';
import type { View } from '../../ui/view.ts';
import type { PlainTextKey } from '../../locales/wording.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { roomCard } from './room-card.ts';
import type { RoomEntry } from './room-state.ts';

export type DetailsDeps = {
  context: PageContext;
  roomUid: string;
  onClose: () => void;
  onInvite: () => void;
  onOpenPerson: (userUid: string) => void;
  /** Shows a message of this room in its conversation. */
  onOpenMessage: (seq: number, name: string) => void;
};

/** A tab of the pane; one without `isShown` is there in every room. */
export type DetailsTab = {
  id: string;
  label: PlainTextKey;
  isShown?: (room: Room) => boolean;
  create: (deps: DetailsDeps) => View;
};

/** The third pane: what this room is, who can read it, and what is in it. */
export function createDetailsFrame(deps: DetailsDeps, tabs: readonly DetailsTab[]): View {
  const { app, locale } = deps.context;
  const disposables = createDisposables();
  const about = h('div', {});
  const room = app.stores.rooms.get().byUid.get(deps.roomUid)?.room;
  const shown = tabs.filter((tab) => room !== undefined && (tab.isShown?.(room) ?? true));
  const tabsView = createTabs({
    label: locale.t('details.title'),
    prefix: 'details-tab',
    tabs: shown.map((tab) => ({ id: tab.id, label: locale.t(tab.label), create: () => tab.create(deps) })),
  });
  const element = h(
    'div',
    { class: 'details' },
    detailsHead(deps),
    h('div', { class: 'details__body scroll' }, about, tabsView.element),
  );
  const paint = (): void => {
    const entry = app.stores.rooms.get().byUid.get(deps.roomUid);
    if (entry !== undefined) replaceContent(about, ...aboutParts(deps, entry));
  };
  const task = createCalmTask(about, paint);
  disposables.add(
    app.stores.rooms.subscribe(
      (state) => aboutFacts(state.byUid.get(deps.roomUid)),
      task.request,
      isSameFacts,
    ),
    task.cancel,
    tabsView.dispose,
  );
  paint();
  return { element, dispose: disposables.dispose };
}

const detailsHead = ({ context: { locale }, onClose }: DetailsDeps): HTMLElement =>
  h(
    'div',
    { class: 'details__head' },
    iconButton({
      icon: 'arrow-left',
      label: locale.t('common.back'),
      onClick: onClose,
      class: 'details__back',
    }),
    h('h2', { class: 'details__title' }, locale.t('details.title')),
    iconButton({ icon: 'x', label: locale.t('common.close'), onClick: onClose, class: 'details__close' }),
  );

/** What is drawn anew when one of it changes. */
const aboutFacts = (entry: RoomEntry | undefined): unknown[] => {
  if (entry === undefined) return [];
  const { title, description, pictureHash, policies, members } = entry.room;
  return [title, description, pictureHash, policies, members, entry.keys];
};

export const isSameFacts = (left: unknown[], right: unknown[]): boolean =>
  left.length === right.length && left.every((fact, index) => Object.is(fact, right[index]));

const aboutParts = (deps: DetailsDeps, entry: RoomEntry): Child[] => [
  ...holdNotice(deps, entry),
  entry.room.type === 'group' && roomCard(deps.context, entry.room),
];

function holdNotice({ context, roomUid }: DetailsDeps, { keys: { verdict } }: RoomEntry): Child[] {
  if (verdict === null || verdict.status === 'sendable' || verdict.reason === null) return [];
  const { app, later, locale } = context;
  const recheck = (): void => drop(app.actions.rooms.recheckKeys(roomUid));
  const look = (): void =>
    later.use('trust', ({ trustParts }) => trustParts.openRoomSecurity(context, roomUid));
  return [
    h(
      'div',
      { class: 'details__hold' },
      notice(
        verdict.status === 'quarantined' ? 'bad' : 'warn',
        verdict.status === 'quarantined' &&
          h('b', { class: 'details__hold-title' }, locale.t('details.quarantine')),
        locale.failure({ code: verdict.reason }),
        ' ',
        button({ label: locale.t('trust.look'), kind: 'link', onClick: look }),
        ' ',
        button({ label: locale.t('common.retry'), kind: 'link', onClick: recheck }),
      ),
    ),
  ];
}
