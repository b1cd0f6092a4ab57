/** The notices and pinned messages of a room in the details pane. */
import { button, iconButton } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { openMenu } from '../../ui/menu.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { FailureCode } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { contentPreview } from '../messages/content-preview.ts';
import { messageName } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { drawAgain, named } from './drawn-again.ts';
import { openNoticeReaders } from './notice-readers-view.ts';
import { countText, pinnedBy } from './notice-text.ts';
import { acknowledge, pinMenu } from './pin-deeds.ts';
import { isAsked, noticesOf, pinRights, plainPinsOf } from './pin-state.ts';
import type { RoomPins } from './pin-state.ts';

export type PinListDeps = {
  context: PageContext;
  roomUid: string;
  onOpenMessage: (seq: number, name: string) => void;
};

export function createPinListView(deps: PinListDeps): View {
  const { context, roomUid } = deps;
  const { app, locale } = context;
  const disposables = createDisposables();
  const element = h('div', { class: 'pin-list' });
  let failure: FailureCode | null = null;
  let isGone = false;

  const load = async (): Promise<void> => {
    const result = await app.actions.pins.load(roomUid);
    if (isGone) return;
    failure = result.ok ? null : result.code;
    task.request();
  };
  const draw = (): void => {
    const pins = app.stores.pins.get().byRoom.get(roomUid);
    replaceContent(
      element,
      ...(pins === undefined ? [] : sections(deps, pins)),
      pins === undefined &&
        failure === null &&
        h('p', { class: 'pin-list__note' }, locale.t('common.loading')),
      failure !== null && h('p', { class: 'pin-list__note' }, locale.failure({ code: failure })),
      failure !== null &&
        button({ label: locale.t('common.retry'), kind: 'link', onClick: () => drop(load()) }),
    );
  };
  const task = createCalmTask(element, () => drawAgain(element, draw));
  disposables.add(
    app.stores.pins.subscribe(({ byRoom }) => byRoom.get(roomUid), task.request),
    app.stores.people.subscribe(({ byUid }) => byUid, task.request),
    app.stores.rooms.subscribe(({ byUid }) => byUid.get(roomUid)?.room.policies, task.request),
    app.stores.rooms.subscribe(({ byUid }) => byUid.get(roomUid)?.room.members, task.request),
    // What changed while the connection was gone is in no event.
    app.stores.connection.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && drop(load()),
    ),
    task.cancel,
    () => (isGone = true),
  );
  draw();
  drop(load());
  return { element, dispose: disposables.dispose };
}

function sections(deps: PinListDeps, pins: RoomPins): Child[] {
  const { locale } = deps.context;
  const notices = noticesOf(pins);
  const others = plainPinsOf(pins);
  if (notices.length + others.length === 0) {
    return [emptyState({ title: locale.t('pins.empty'), text: locale.t('pins.emptyText') })];
  }
  return [
    section(deps, pins, locale.t('notices.many'), notices),
    section(deps, pins, locale.t('pins.many'), others),
  ];
}

const section = (
  deps: PinListDeps,
  pins: RoomPins,
  title: string,
  entries: readonly MessageEntry[],
): HTMLElement | null =>
  entries.length === 0
    ? null
    : h(
        'section',
        { class: 'pin-list__part' },
        h('h3', { class: 'pin-list__title' }, title),
        h(
          'ul',
          { class: 'pin-list__items', role: 'list' },
          ...entries.map((entry) => item(deps, pins, entry)),
        ),
      );

function item({ context, onOpenMessage }: PinListDeps, pins: RoomPins, entry: MessageEntry): HTMLElement {
  const { locale } = context;
  const { message, content } = entry;
  const name = messageName(message);
  const items = pinMenu(context, message);
  const menu = iconButton({
    icon: 'ellipsis',
    label: locale.t('pins.menu'),
    onClick: () => openMenu(menu, locale.t('pins.menu'), items),
    class: 'pin-list__menu',
  });
  menu.setAttribute('aria-haspopup', 'menu');
  return h(
    'li',
    { class: 'pin-list__item' },
    named(
      `go ${name}`,
      h(
        'button',
        {
          type: 'button',
          class: 'pin-list__button',
          title: locale.t('pins.goTo'),
          on: { click: () => onOpenMessage(message.seq, name) },
        },
        h('span', { class: 'pin-list__text', dir: 'auto' }, contentPreview(content, locale)),
        h('span', { class: 'pin-list__from' }, pinnedBy(context, message)),
      ),
    ),
    items.length > 0 && named(`menu ${name}`, menu),
    message.pin?.notice !== undefined && answer(context, pins, entry),
  );
}

/** What is asked of me, and how many have acknowledged. */
function answer(context: PageContext, pins: RoomPins, entry: MessageEntry): HTMLElement {
  const { app, locale } = context;
  const { message } = entry;
  const name = messageName(message);
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const room = app.stores.rooms.get().byUid.get(message.roomUid)?.room;
  const facts = pins.notices.get(name);
  const count = countText(context, facts);
  const canSeeReaders = room !== undefined && pinRights(room, message, meUid).canSeeReaders;
  const readers = (): void => openNoticeReaders(context, message);
  const label = locale.t('notices.acknowledge');
  const onClick = (): void => acknowledge(context, message);
  return h(
    'div',
    { class: 'pin-list__answer' },
    isAsked(pins, entry, meUid) &&
      named(`ack ${name}`, button({ label, kind: 'primary', size: 'small', onClick })),
    facts?.isAcknowledged === true &&
      h('span', { class: 'pin-list__done' }, icon('check', 'xs'), locale.t('notices.acknowledged')),
    count !== '' &&
      (canSeeReaders
        ? named(`readers ${name}`, button({ label: count, kind: 'link', onClick: readers }))
        : h('span', { class: 'pin-list__count' }, count)),
  );
}
