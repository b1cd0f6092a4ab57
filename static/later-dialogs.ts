/** The messenger's larger dialogs, in a piece that comes later. */
import type { MessengerDialogs } from './messenger-dialogs.ts';
import type { PageContext } from './page-context.ts';

export const openNewSheet = (context: PageContext): void => open(context, (dialogs) => dialogs.newSheet());

export const openInvite = (context: PageContext, roomUid: string): void =>
  open(context, (dialogs) => dialogs.invite(roomUid));

export const openNewConversation = (context: PageContext, onOpenRoom: (roomUid: string) => void): void =>
  open(context, (dialogs) => dialogs.newConversation(onOpenRoom));

export const openProfile = (context: PageContext, onMakeSheet: () => void): void =>
  open(context, (dialogs) => dialogs.profile(onMakeSheet));

export const openSignOut = (context: PageContext): void => open(context, (dialogs) => dialogs.signOut());

const open = (context: PageContext, show: (dialogs: MessengerDialogs) => void): void =>
  context.later.use('dialogs', (piece) => show(piece.createMessengerDialogs(context)));
