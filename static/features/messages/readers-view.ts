import { avatar } from '../../ui/avatar.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { openDialog } from '../../ui/dialog.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { personHandle, personName, personRole, sharedNames } from '../../ui/person-label.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { presenceOf } from '../presence/presence-state.ts';
import { visibleRows } from '../rooms/room-state.ts';
import { messageName } from './message-state.ts';
import { countedMembers, isReadingShown } from './reading-state.ts';
import { readersOf } from './readers-state.ts';
import type { Readers } from './readers-state.ts';

/** Who has read a message and who has not, as it changes; closes when there is nothing to be seen any more. */
export function openReaders(context: PageContext, roomUid: string, name: string): void {
  const { app, locale } = context;
  const { rooms, people, policies, presence } = app.stores;
  const disposables = createDisposables();
  const body = h('div', { class: 'readers' });
  const dialog = openDialog({
    title: locale.t('readers.title'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [body],
    onClose: disposables.dispose,
  });
  const paint = (): void => {
    const readers = readersShown(context, roomUid, name);
    if (readers === null) dialog.close();
    else replaceContent(body, ...readerLists(context, readers));
  };
  const task = createCalmTask(body, paint);
  disposables.add(
    rooms.subscribe((state) => state.byUid.get(roomUid), task.request),
    people.subscribe((state) => state.byUid, task.request),
    policies.subscribe((state) => state.readReceipts, task.request),
    presence.subscribe((state) => state, task.request),
    task.cancel,
  );
  paint();
}

/** Null: the message is gone, or the policy does not show its readers. */
function readersShown({ app }: PageContext, roomUid: string, name: string): Readers | null {
  const entry = app.stores.rooms.get().byUid.get(roomUid);
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  if (entry === undefined) return null;
  const rows = [...visibleRows(entry, meUid).entries, ...entry.tail];
  const message = rows.find((row) => messageName(row.message) === name)?.message;
  const { readReceipts } = app.stores.policies.get();
  if (message === undefined || !isReadingShown(readReceipts, message.senderUid === meUid)) return null;
  return readersOf(message, countedMembers(entry.room.members, app.stores.people.get().byUid));
}

function readerLists(context: PageContext, { readUids, unreadUids }: Readers): Child[] {
  const { locale } = context;
  return [
    readerList(context, locale.t('readers.unread', { count: unreadUids.length }), unreadUids),
    readerList(context, locale.t('readers.read', { count: readUids.length }), readUids),
  ];
}

function readerList({ app, locale }: PageContext, title: string, userUids: readonly string[]): HTMLElement {
  const { byUid: people } = app.stores.people.get();
  const presence = app.stores.presence.get();
  const meUid = meUidOf(app.stores.account.get());
  const namesakes = sharedNames(people.values());
  const nameOf = (uid: string): string => personName(locale, people.get(uid));
  const row = (userUid: string): HTMLElement => {
    const person = people.get(userUid);
    const isNamesake = person !== undefined && namesakes.has(person.displayName);
    const role = person === undefined ? '' : isNamesake ? personHandle(person) : personRole(person);
    const state = presenceOf(presence, userUid);
    return h(
      'li',
      { class: 'readers__person' },
      avatar({
        id: userUid,
        name: nameOf(userUid),
        isOnline: state !== 'offline',
        isAway: state === 'away',
        size: 's',
      }),
      h(
        'span',
        { class: 'readers__words' },
        h('span', { class: 'readers__name' }, nameOf(userUid)),
        role !== '' && h('span', { class: 'readers__role' }, role),
      ),
      userUid === meUid && h('span', { class: 'readers__mark' }, locale.t('common.me')),
    );
  };
  const sorted = [...userUids].sort((left, right) => locale.compare(nameOf(left), nameOf(right)));
  return h(
    'section',
    { class: 'readers__part' },
    h('h3', { class: 'readers__title' }, title),
    userUids.length === 0
      ? h('p', { class: 'readers__nobody' }, locale.t('readers.nobody'))
      : h('ul', { class: 'readers__list', role: 'list' }, ...sorted.map(row)),
  );
}
