import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { meUidOf } from '../account/account-state.ts';
import { isSameFacts } from './details-view.ts';
import type { DetailsDeps } from './details-view.ts';
import { requestRows } from './join-request-rows.ts';
import { memberRows } from './member-rows.ts';
import { openLeave } from './room-dialogs.ts';
import { isAdministrator, roleOf } from './room-state.ts';
import type { RoomEntry } from './room-state.ts';
import { sealCard } from './seal-card.ts';

/** Who is here and who asks to be; inviting and leaving. */
export function createMembersTab(deps: DetailsDeps): View {
  const { stores } = deps.context.app;
  const disposables = createDisposables();
  const element = h('div', {});
  const paint = (): void => {
    const entry = stores.rooms.get().byUid.get(deps.roomUid);
    if (entry === undefined) return;
    // A menu or a button that has the focus would lose it with a fresh drawing.
    const focused = element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-focus')
      : null;
    replaceContent(element, ...parts(deps, entry));
    if (typeof focused === 'string') element.querySelector<HTMLElement>(`[data-focus="${focused}"]`)?.focus();
  };
  const task = createCalmTask(element, paint);
  // "3 minutes ago"
  const minutes = setInterval(task.request, 60_000);
  const facts = (entry: RoomEntry | undefined): unknown[] =>
    entry === undefined ? [] : [rolesOf(entry), entry.room.policies, entry.keys];
  disposables.add(
    stores.rooms.subscribe((state) => facts(state.byUid.get(deps.roomUid)), task.request, isSameFacts),
    stores.people.subscribe((state) => state.byUid, task.request),
    stores.presence.subscribe((state) => state, task.request),
    stores.trust.subscribe(({ verifiedUids }) => verifiedUids, task.request),
    stores.trust.subscribe(({ unconfirmedUids }) => unconfirmedUids, task.request),
    stores.joinRequests.subscribe((state) => state.waiting, task.request),
    task.cancel,
    () => clearInterval(minutes),
  );
  paint();
  return { element, dispose: disposables.dispose };
}

/** Cursors move all the time; they are not drawn here. */
const rolesOf = ({ room }: RoomEntry): string =>
  room.members.map(({ userUid, role }) => `${userUid} ${role}`).join();

function parts(deps: DetailsDeps, entry: RoomEntry): Child[] {
  const { context } = deps;
  const { app, locale } = context;
  const { room } = entry;
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const isGroup = room.type === 'group';
  const mayInvite = isGroup && (room.policies.invite === 'everyone' || isAdministrator(room, meUid));
  return [
    isAdministrator(room, meUid) && requestRows(context, room.roomUid),
    sealCard(context, entry),
    h(
      'div',
      { class: 'details__heading' },
      h('h3', {}, locale.t('details.members', { count: room.members.length })),
      mayInvite &&
        button({
          label: locale.t('details.invite'),
          kind: 'link',
          icon: 'user-plus',
          onClick: deps.onInvite,
        }),
    ),
    memberRows(deps, entry),
    isGroup &&
      h(
        'div',
        { class: 'details__actions' },
        button({
          label: locale.t('details.leave'),
          icon: 'log-out',
          kind: 'quiet',
          onClick: () => openLeave(context, room, roleOf(room, meUid) === 'owner'),
        }),
      ),
  ];
}
