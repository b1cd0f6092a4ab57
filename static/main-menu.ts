/** What one has beside one's rooms: the menu at the top of the list. A new row is an entry here. A later piece. */
import { openMenu } from './ui/menu.ts';
import type { MenuItem } from './ui/menu.ts';
import { drop } from './state/drop.ts';
import type { PageContext } from './page-context.ts';
import { meUidOf } from './features/account/account-state.ts';
import { openPasswordChange } from './features/account/password-change-view.ts';
import { openMentions } from './features/messages/mentions-view.ts';
import type { OpenMessage } from './features/messages/place-list.ts';
import { openSaved } from './features/messages/saved-view.ts';
import { isAdministrator } from './features/people/waiting-people.ts';
import { openRecovery } from './features/trust/recovery-card.ts';
import { presentLight } from './features/trust/recovery-shown.ts';

export type MainMenuDeps = {
  context: PageContext;
  onOpenRoom: (roomUid: string) => void;
  onMakeSheet: () => void;
  onOpenMessage: OpenMessage;
};

export function openMainMenu(anchor: HTMLElement, deps: MainMenuDeps): void {
  const { context, onOpenRoom, onMakeSheet } = deps;
  const { app, locale, toasts } = context;
  const openSelf = async (): Promise<void> => {
    const result = await app.actions.rooms.createDirect(meUidOf(app.stores.account.get()) ?? '');
    if (result.ok) onOpenRoom(result.value.roomUid);
    else toasts.show({ text: locale.failure(result), isProblem: true });
  };
  const items: MenuItem[] = [
    {
      label: locale.t('mentions.title'),
      icon: 'at-sign',
      onClick: () => openMentions(context, deps.onOpenMessage),
    },
    {
      label: locale.t('message.savedTitle'),
      icon: 'bookmark',
      onClick: () => openSaved(context, deps.onOpenMessage),
    },
    {
      label: locale.t('scheduled.title'),
      icon: 'clock',
      onClick: () => context.later.use('scheduled', (piece) => piece.openScheduled(context)),
    },
    {
      label: locale.t('discover.title'),
      icon: 'compass',
      onClick: () =>
        context.later.use('dialogs', (piece) => piece.createMessengerDialogs(context).discover(onOpenRoom)),
    },
    {
      label: locale.t(`recovery.menu.${presentLight(context).colour}`),
      icon: 'life-buoy',
      onClick: () => openRecovery(context, onMakeSheet),
    },
    { label: locale.t('password.change'), icon: 'key-round', onClick: () => openPasswordChange(context) },
    { label: locale.t('rooms.self'), icon: 'square-pen', onClick: () => drop(openSelf()) },
  ];
  if (isAdministrator(app.stores.account.get())) items.push(adminRow(context));
  openMenu(anchor, locale.t('me.menu'), items);
}

/** The console, which no other part of the messenger leads to, and how many wait there to be let in. */
function adminRow({ app, locale }: PageContext): MenuItem {
  const waiting = app.stores.waitingPeople.get();
  return {
    label: waiting === 0 ? locale.t('admin.open') : locale.t('admin.openWaiting', { count: waiting }),
    icon: 'settings',
    onClick: () => location.assign(waiting === 0 ? '/admin' : '/admin#/people/pending'),
  };
}
