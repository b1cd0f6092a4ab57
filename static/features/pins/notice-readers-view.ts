/** Who has acknowledged a notice and who has not, as it changes; and reminding those who have not. */
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import type { NoticeReaders } from '#contract/pins.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { personHandle, personName, personRole, sharedNames } from '../../ui/person-label.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { messageName } from '../messages/message-state.ts';

const pauseMs = limits.noticeReminderMinutes * 60_000;
/** How often it is looked whether one may remind again. */
const lookMs = 15_000;

export function openNoticeReaders(context: PageContext, message: Message): void {
  const { app, locale, toasts } = context;
  const { roomUid } = message;
  const name = messageName(message);
  const disposables = createDisposables();
  let readers: NoticeReaders | null = null;
  let isClosed = false;

  const lists = h(
    'div',
    { class: 'readers' },
    h('p', { class: 'readers__nobody' }, locale.t('common.loading')),
  );
  const hint = h('p', { class: 'notice-readers__hint', role: 'status' });
  const remind = button({
    label: locale.t('notices.remind'),
    icon: 'bell',
    kind: 'primary',
    onClick: () => drop(sendReminder()),
  });
  remind.disabled = true;
  const dialog = openDialog({
    title: locale.t('notices.readers'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [lists],
    foot: [hint, remind],
    onClose: () => {
      isClosed = true;
      disposables.dispose();
    },
  });

  const showRemind = (): void => {
    if (readers === null) return;
    const { remindedAt, waiting } = readers;
    const isPaused = remindedAt !== null && app.clock.now() < remindedAt + pauseMs;
    remind.disabled = waiting.length === 0 || isPaused;
    const words = (when: number): string =>
      locale.t('notices.remindedAt', { when: locale.time(when), minutes: limits.noticeReminderMinutes });
    setText(hint, remindedAt !== null && isPaused ? words(remindedAt) : '');
  };
  const paint = (): void => {
    if (readers === null) return;
    const { waiting, acknowledged } = readers;
    const done = acknowledged.map(({ userUid, at }) => ({
      userUid,
      mark: locale.moment(at, app.clock.now()),
    }));
    const nobodyYet = waiting.map((userUid) => ({ userUid, mark: '' }));
    replaceContent(
      lists,
      personList(context, locale.t('notices.waiting', { count: waiting.length }), nobodyYet),
      personList(context, locale.t('notices.done', { count: done.length }), done),
    );
    showRemind();
  };
  const load = async (): Promise<void> => {
    const result = await app.actions.pins.readers(message);
    if (isClosed) return;
    if (!result.ok) {
      // It is no notice any more, or not mine to look at.
      if (!result.isRetryable) dialog.close();
      toasts.show({ text: locale.failure(result), isProblem: true });
      return;
    }
    readers = result.value;
    const { acknowledged, waiting } = result.value;
    await app.actions.directory.ensurePeople([...waiting, ...acknowledged.map(({ userUid }) => userUid)]);
    if (!isClosed) paint();
  };
  const sendReminder = async (): Promise<void> => {
    remind.disabled = true;
    const result = await app.actions.pins.remind(message);
    if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
    else if (result.value.people > 0) {
      toasts.show({ text: locale.t('notices.remindedNow', { count: result.value.people }) });
    }
    await load();
  };

  const timer = setInterval(showRemind, lookMs);
  disposables.add(
    () => clearInterval(timer),
    app.stores.pins.subscribe(
      ({ byRoom }) => byRoom.get(roomUid)?.notices.get(name)?.acknowledged,
      () => drop(load()),
    ),
    app.stores.rooms.subscribe(
      ({ byUid }) => byUid.get(roomUid)?.room.members,
      () => drop(load()),
    ),
    app.stores.connection.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && drop(load()),
    ),
  );
  drop(load());
}

function personList(
  { app, locale }: PageContext,
  title: string,
  people: readonly { userUid: string; mark: string }[],
): HTMLElement {
  const { byUid } = app.stores.people.get();
  const namesakes = sharedNames(byUid.values());
  const row = ({ userUid, mark }: { userUid: string; mark: string }): HTMLElement => {
    const person = byUid.get(userUid);
    const isNamesake = person !== undefined && namesakes.has(person.displayName);
    const role = person === undefined ? '' : isNamesake ? personHandle(person) : personRole(person);
    const name = personName(locale, person);
    return h(
      'li',
      { class: 'readers__person' },
      avatar({ id: userUid, name, size: 's' }),
      h(
        'span',
        { class: 'readers__words' },
        h('span', { class: 'readers__name' }, name),
        role !== '' && h('span', { class: 'readers__role' }, role),
      ),
      mark !== '' && h('span', { class: 'readers__mark' }, mark),
    );
  };
  return h(
    'section',
    { class: 'readers__part' },
    h('h3', { class: 'readers__title' }, title),
    people.length === 0
      ? h('p', { class: 'readers__nobody' }, locale.t('readers.nobody'))
      : h('ul', { class: 'readers__list', role: 'list' }, ...people.map(row)),
  );
}
