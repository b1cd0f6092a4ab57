import type { RoomRole } from '#contract/room-settings.ts';
import type { Room } from '#contract/rooms.ts';
import { h } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { icon } from '../../ui/icon.ts';
import { openMenu } from '../../ui/menu.ts';
import type { MenuItem } from '../../ui/menu.ts';
import { copyText } from '../../ui/copy-text.ts';
import { personMarks } from '../../ui/person-marks.ts';
import { personName, personHandle, personRole, sharedNames } from '../../ui/person-label.ts';
import { drop } from '../../state/drop.ts';
import { meUidOf } from '../account/account-state.ts';
import type { PageContext } from '../../page-context.ts';
import { memberState } from './member-state.ts';
import { roleOf } from './room-state.ts';
import type { RoomEntry } from './room-state.ts';
import { openHandOver, openKick } from './room-dialogs.ts';

type MemberDeps = { context: PageContext; onOpenPerson: (userUid: string) => void };

/** The people of the newest accepted record (who can read), then whom only the server names. */
export function memberRows(deps: MemberDeps, { room, keys: { verdict } }: RoomEntry): HTMLElement {
  const { app, locale } = deps.context;
  const { byUid: people } = app.stores.people.get();
  const { isKnown, onlineUids, awayUids } = app.stores.presence.get();
  const marked = app.stores.trust.get();
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const readers =
    verdict?.people.map((person) => person.userUid) ?? room.members.map((member) => member.userUid);
  const leaving = new Set(verdict?.toRemove);
  const namesakes = sharedNames(readers.flatMap((userUid) => people.get(userUid) ?? []));

  app.actions.presence.look(readers);
  const nameOf = (userUid: string): string => personName(locale, people.get(userUid));
  const sorted = [...readers].sort(
    (left, right) =>
      Number(right === meUid) - Number(left === meUid) ||
      Number(onlineUids.has(right)) - Number(onlineUids.has(left)) ||
      locale.compare(nameOf(left), nameOf(right)),
  );
  const row = (userUid: string, note: string | null): HTMLElement => {
    const person = people.get(userUid);
    const name = nameOf(userUid);
    const isMe = userUid === meUid;
    const isOnline = isMe ? isKnown : onlineUids.has(userUid);
    const isAway = !isMe && awayUids.has(userUid);
    const state = memberState(deps.context, userUid);
    const isNamesake = person !== undefined && namesakes.has(person.displayName);
    const role = person === undefined ? '' : isNamesake ? personHandle(person) : personRole(person);
    const menu = (anchor: HTMLElement): void => {
      openMenu(anchor, locale.t('details.memberMenu', { name }), menuItems(deps, room, userUid, name));
    };
    return h(
      'li',
      { class: 'member' },
      avatar({ id: userUid, name, isOnline, isAway, size: 's' }),
      h(
        'span',
        { class: 'member__words' },
        h(
          'span',
          { class: 'member__name' },
          name,
          ...personMarks(locale, marked, userUid),
          isOnline &&
            !isMe &&
            h('span', { class: 'visually-hidden' }, `, ${locale.t(isAway ? 'rooms.away' : 'rooms.online')}`),
        ),
        (note ?? role) !== '' &&
          h(
            'span',
            { class: note === null ? 'member__role' : 'member__role member__role--warn' },
            note ?? role,
          ),
        state !== '' && h('span', { class: 'member__role', title: state }, state),
      ),
      isMe && h('span', { class: 'member__mark' }, locale.t('details.you')),
      ...roleMark(deps.context, roleOf(room, userUid)),
      !isMe && memberMenuButton(locale.t('details.memberMenu', { name }), userUid, menu),
    );
  };
  return h(
    'ul',
    { class: 'members', role: 'list' },
    ...sorted.map((userUid) => row(userUid, leaving.has(userUid) ? locale.t('details.leaving') : null)),
    ...(verdict?.notInRecord ?? []).map((userUid) => row(userUid, locale.t('details.pending'))),
  );
}

function roleMark({ locale }: PageContext, role: RoomRole): HTMLElement[] {
  if (role === 'member') return [];
  const isOwner = role === 'owner';
  const words = locale.t(isOwner ? 'details.owner' : 'details.admin');
  return [h('span', { class: 'member__mark' }, icon(isOwner ? 'crown' : 'shield-check', 'xs'), words)];
}

function memberMenuButton(label: string, userUid: string, open: (anchor: HTMLElement) => void): HTMLElement {
  const anchor: HTMLElement = h(
    'button',
    {
      type: 'button',
      class: 'icon-button member__menu',
      'aria-label': label,
      title: label,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-focus': userUid,
      on: { click: () => open(anchor) },
    },
    icon('ellipsis-vertical', 's'),
  );
  return anchor;
}

function menuItems(
  { context, onOpenPerson }: MemberDeps,
  room: Room,
  userUid: string,
  name: string,
): MenuItem[] {
  const { app, locale, toasts } = context;
  const username = app.stores.people.get().byUid.get(userUid)?.username ?? '';
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(username);
    toasts.show({ text: locale.t(isCopied ? 'common.copied' : 'common.copyFailed') });
  };
  const items: MenuItem[] = [
    { label: locale.t('details.message'), icon: 'message-circle', onClick: () => onOpenPerson(userUid) },
    {
      label: locale.t('trust.personMenu'),
      icon: 'shield-check',
      onClick: () =>
        context.later.use('trust', ({ trustParts }) =>
          trustParts.openPersonSecurity(context, userUid, room.roomUid),
        ),
    },
    { label: locale.t('details.copyName'), icon: 'copy', onClick: () => drop(copy()) },
  ];
  const [mine, theirs] = [roleOf(room, meUidOf(app.stores.account.get()) ?? ''), roleOf(room, userUid)];
  if (mine === 'owner') {
    const next = theirs === 'admin' ? ('member' as const) : ('admin' as const); // literals, not strings
    items.push(
      {
        label: locale.t(theirs === 'admin' ? 'details.takeAdmin' : 'details.makeAdmin'),
        icon: 'shield-check',
        onClick: () => drop(changeRole(context, room.roomUid, { userUid, name, role: next })),
      },
      {
        label: locale.t('details.handOver'),
        icon: 'crown',
        onClick: () => openHandOver(context, room.roomUid, userUid, name),
      },
    );
  }
  if (mine === 'owner' || (mine === 'admin' && theirs === 'member')) {
    items.push({
      label: locale.t('details.kick'),
      icon: 'user-minus',
      isDanger: true,
      onClick: () => openKick(context, room.roomUid, userUid, name),
    });
  }
  return items;
}

async function changeRole(
  { app, locale, toasts }: PageContext,
  roomUid: string,
  { userUid, name, role }: { userUid: string; name: string; role: 'admin' | 'member' },
): Promise<void> {
  const result = await app.actions.administration.setRole(roomUid, userUid, role);
  const done = locale.t(role === 'admin' ? 'details.madeAdmin' : 'details.tookAdmin', { name });
  toasts.show(result.ok ? { text: done } : { text: locale.failure(result), isProblem: true });
}
