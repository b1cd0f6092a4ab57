/** What stays above the list of rooms until it is dealt with: no proven recovery, and my own key that waits for a colleague. */
import { h, replaceContent } from '../../ui/h.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { openOwnDigits } from './own-digits-view.ts';
import { presentLight } from './recovery-shown.ts';
import { lightButton, redLight } from './status-light.ts';
import { waitingRooms } from './trust-state.ts';

export function createTrustLights(context: PageContext, onMakeSheet: () => void): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const element = h('div', {});
  const isWaiting = (): boolean => waitingRooms(app.stores.rooms.get()).length > 0;
  const paint = (): void => {
    const own = isWaiting()
      ? lightButton({
          tone: 'amber',
          words: locale.t('trust.ownShort'),
          action: locale.t('trust.ownAction'),
          title: locale.t('trust.todo.ownVersion'),
          onClick: () => openOwnDigits(context),
        })
      : null;
    replaceContent(element, own, redLight(context, onMakeSheet));
  };
  const colour = (): string => JSON.stringify(presentLight(context));
  disposables.add(
    app.stores.rooms.subscribe(isWaiting, paint),
    app.stores.account.subscribe(colour, paint),
    app.stores.trust.subscribe(colour, paint),
  );
  drop(app.actions.recovery.watch());
  paint();
  return { element, dispose: disposables.dispose };
}
