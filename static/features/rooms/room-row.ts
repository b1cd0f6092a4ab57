import { h, replaceContent, setAttribute } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { verifiedMark } from '../../ui/verified-mark.ts';
import { icon } from '../../ui/icon.ts';
import type { Locale } from '../../locales/locale.ts';
import { isSameLine } from './room-line.ts';
import type { RoomLine } from './room-line.ts';

export type RoomRow = {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  update: (line: RoomLine) => void;
};

/** One line of the room list; only what changed is drawn. */
export function createRoomRow(first: RoomLine, locale: Locale, onOpen: (roomUid: string) => void): RoomRow {
  let shown: RoomLine | null = null;
  const button = h('button', {
    type: 'button',
    class: 'room',
    tabindex: -1,
    'data-room': first.roomUid,
    on: { click: () => onOpen(first.roomUid) },
  });
  const element = h('li', { class: 'room-list__item' }, button);
  const update = (line: RoomLine): void => {
    if (shown !== null && isSameLine(shown, line)) return;
    shown = line;
    button.className = line.isOpen ? 'room room--open' : 'room';
    element.dataset['favourite'] = String(line.isFavourite);
    setAttribute(button, 'aria-current', line.isOpen ? 'true' : null);
    replaceContent(
      button,
      avatar({
        id: line.toneId,
        name: line.title,
        isOnline: line.isOnline,
        isAway: line.isAway,
        picture: line.picture,
      }),
      h(
        'span',
        { class: 'room__main' },
        h(
          'span',
          { class: 'room__top' },
          h(
            'span',
            { class: line.unread > 0 && !line.isQuiet ? 'room__name room__name--unread' : 'room__name' },
            line.title,
          ),
          line.isVerified && verifiedMark(locale),
          line.memberCount > 0 && memberCount(line.memberCount, locale),
          line.handle !== '' && h('span', { class: 'room__handle' }, line.handle),
          line.isOnline &&
            h(
              'span',
              { class: 'visually-hidden' },
              `, ${locale.t(line.isAway ? 'rooms.away' : 'rooms.online')}`,
            ),
          line.isSilent && silentMark(locale),
          line.status !== '' && h('span', { class: 'room__status', title: line.statusTitle }, line.status),
          h('span', { class: 'room__time' }, line.time),
        ),
        h(
          'span',
          { class: 'room__bottom' },
          roomMark(line, locale),
          h(
            'span',
            { class: `room__preview room__preview--${line.mark}` },
            line.sender !== '' && h('span', { class: 'room__sender' }, line.sender),
            line.preview,
          ),
          line.asking > 0 && askingMark(line.asking, locale),
          line.isCalled && callMark(locale),
          line.unread > 0 &&
            h(
              'span',
              { class: line.isQuiet ? 'room__badge room__badge--quiet' : 'room__badge' },
              h('span', { 'aria-hidden': 'true' }, line.unread > 999 ? '999+' : line.unread),
              h('span', { class: 'visually-hidden' }, locale.t('rooms.unread', { count: line.unread })),
            ),
        ),
      ),
    );
  };
  update(first);
  return { element, button, update };
}

/** An icon before the number: titles end in digits, too ("설비 점검 60"). */
const memberCount = (count: number, locale: Locale): HTMLElement =>
  h(
    'span',
    { class: 'room__count' },
    icon('users', 'xs'),
    h('span', { 'aria-hidden': 'true' }, count),
    h('span', { class: 'visually-hidden' }, `, ${locale.t('rooms.peopleCount', { count })}, `),
  );

const callMark = (locale: Locale): HTMLElement =>
  h(
    'span',
    { class: 'room__badge room__badge--call' },
    h('span', { 'aria-hidden': 'true' }, '@'),
    h('span', { class: 'visually-hidden' }, locale.t('rooms.called')),
  );

const silentMark = (locale: Locale): HTMLElement =>
  h(
    'span',
    { class: 'room__silent', title: locale.t('rooms.silent') },
    icon('bell-off', 'xs'),
    h('span', { class: 'visually-hidden' }, `, ${locale.t('rooms.silent')}`),
  );

const askingMark = (count: number, locale: Locale): HTMLElement => {
  const words = locale.t('rooms.asking', { count });
  return h(
    'span',
    { class: 'room__asking', title: words },
    icon('users', 'xs'),
    h('span', { 'aria-hidden': 'true' }, count),
    h('span', { class: 'visually-hidden' }, words),
  );
};

function roomMark(line: RoomLine, locale: Locale): HTMLElement | null {
  switch (line.mark) {
    case 'failed':
      return h(
        'span',
        { class: 'room__mark room__mark--failed', title: locale.t('rooms.failed') },
        icon('circle-alert', 'xs'),
        h('span', { class: 'visually-hidden' }, locale.t('rooms.failed')),
      );
    case 'quarantined':
      return h(
        'span',
        { class: 'room__mark room__mark--failed', title: locale.t('rooms.quarantined') },
        icon('shield-alert', 'xs'),
        h('span', { class: 'visually-hidden' }, locale.t('rooms.quarantined')),
      );
    case 'waiting':
      return h('span', { class: 'room__mark', title: locale.t('rooms.waiting') }, icon('clock', 'xs'));
    case 'draft':
      return h('span', { class: 'room__mark room__mark--draft' }, icon('pencil', 'xs'));
    default:
      return null;
  }
}
