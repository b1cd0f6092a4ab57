import { entranceFrame } from './features/account/entrance-frame.ts';
import { createSheetView } from './features/account/sheet-view.ts';
import { dropInvitation } from './state/invitation-link.ts';
import type { PageContext } from './page-context.ts';
import type { View } from './ui/view.ts';

/** The recovery sheet as the last step of signing up. */
export function createSignUpSheetView(context: PageContext): View {
  const { app, locale } = context;
  const { phase } = app.stores.account.get();
  if (phase.name !== 'signing-up' || phase.signUp.step === 'checking' || phase.signUp.step === 'preparing') {
    throw new TypeError('there is no sheet to show');
  }
  const { sheetGroups, askedGroups, username } = phase.signUp;
  const view = createSheetView({
    context,
    facts: { groups: sheetGroups, username, server: location.origin, madeAt: app.clock.now() },
    askedGroups,
    busyText: locale.t('signUp.registering'),
    finishLabel: locale.t('sheet.finish'),
    onConfirm: (typed) => app.actions.account.confirmSheet(typed),
    onLater: () => app.actions.account.confirmSheetLater(),
    onCancel: () => app.actions.account.cancelSignUp(),
  });
  const dispose = (): void => {
    view.dispose();
    const { name } = app.stores.account.get().phase;
    if (name === 'signed-in' || name === 'waiting') dropInvitation(window);
  };
  return { element: entranceFrame(context, [view.element], 'wide'), dispose };
}
