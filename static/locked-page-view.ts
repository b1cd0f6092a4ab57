import { entranceFrame } from './features/account/entrance-frame.ts';
import { createLockedView } from './features/account/locked-view.ts';
import { openSignOut } from './later-dialogs.ts';
import type { PageContext } from './page-context.ts';
import type { View } from './ui/view.ts';

/** The page of a live session whose vault this browser cannot open without the password. */
export function createLockedPageView(context: PageContext): View {
  const view = createLockedView(context, () => openSignOut(context));
  return { element: entranceFrame(context, [view.element]), dispose: view.dispose };
}
