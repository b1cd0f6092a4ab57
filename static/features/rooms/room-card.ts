import type { Room } from '#contract/rooms.ts';
import { h } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import type { IconName } from '../../ui/icon.ts';
import { splitLinks } from '../../ui/linked-text.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { openRoomSettings } from './room-settings-view.ts';
import { isAdministrator, pictureOf } from './room-state.ts';

/** What a group shows of itself: picture, title, what it is for, and the rules that matter to whoever writes here. */
export function roomCard(context: PageContext, room: Room): HTMLElement {
  const { app, locale } = context;
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  return h(
    'section',
    { class: 'room-card', 'aria-label': locale.t('details.aboutRoom') },
    h(
      'div',
      { class: 'room-card__top' },
      avatar({ id: room.roomUid, name: room.title, picture: pictureOf(room), size: 'l' }),
      h('h3', { class: 'room-card__title' }, room.title),
    ),
    room.description !== '' && h('p', { class: 'room-card__text' }, ...linked(room.description)),
    h(
      'ul',
      { class: 'room-card__marks', role: 'list' },
      room.policies.post === 'admins' && mark('megaphone', locale.t('details.announcementRoom')),
      room.policies.isListed && mark('search', locale.t('details.listedRoom')),
      room.policies.invite === 'admins' && mark('user-plus', locale.t('details.adminsInvite')),
    ),
    isAdministrator(room, meUid) &&
      button({
        label: locale.t('details.settings'),
        icon: 'settings',
        size: 'small',
        onClick: () => openRoomSettings(context, room),
      }),
  );
}

const mark = (name: IconName, text: string): HTMLElement =>
  h('li', { class: 'room-card__mark' }, icon(name, 'xs'), text);

/** Text with its addresses to press, as in a message. */
const linked = (text: string): (string | HTMLElement)[] =>
  splitLinks(text).map((part) =>
    part.kind === 'text'
      ? part.text
      : h('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer' }, part.text),
  );
