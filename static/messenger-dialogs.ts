/** The messenger's larger dialogs, in one piece that `later-dialogs.ts` loads. */
import type { PageContext } from './page-context.ts';
import { openNewSheet } from './features/account/new-sheet-view.ts';
import { openOldSheet } from './features/account/old-sheet-view.ts';
import { openPasswordChange } from './features/account/password-change-view.ts';
import { openInvite } from './features/people/invite-view.ts';
import { openNewConversation } from './features/people/new-conversation-view.ts';
import { openProfile } from './features/profile/profile-view.ts';
import { openDiscover } from './features/rooms/discover-view.ts';
import { openSignOut } from './features/profile/sign-out-view.ts';

export type MessengerDialogs = {
  discover: (onOpenRoom: (roomUid: string) => void) => void;
  newSheet: () => void;
  invite: (roomUid: string) => void;
  newConversation: (onOpenRoom: (roomUid: string) => void) => void;
  profile: (onMakeSheet: () => void) => void;
  signOut: () => void;
};

export const createMessengerDialogs = (context: PageContext): MessengerDialogs => ({
  discover: (onOpenRoom) => openDiscover(context, onOpenRoom),
  newSheet: () => openNewSheet(context),
  invite: (roomUid) => openInvite(context, roomUid),
  newConversation: (onOpenRoom) =>
    openNewConversation(context, onOpenRoom, () => openDiscover(context, onOpenRoom)),
  profile: (makeSheet) =>
    openProfile(context, {
      makeSheet,
      changePassword: () => openPasswordChange(context),
      oldSheet: () => openOldSheet(context),
    }),
  signOut: () => openSignOut(context),
});
