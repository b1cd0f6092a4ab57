import { entranceFrame } from './features/account/entrance-frame.ts';
import { createWaitingView } from './features/account/waiting-view.ts';
import type { PageContext } from './page-context.ts';
import type { View } from './ui/view.ts';

/** The page of an account that waits for an administrator. */
export function createWaitingPageView(context: PageContext): View {
  const view = createWaitingView(context);
  return { element: entranceFrame(context, [view.element]), dispose: view.dispose };
}
