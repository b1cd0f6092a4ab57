/** What stays above the list of rooms until it is dealt with: no proven recovery, and my own key that waits for a colleague. */
import { h, replaceContent } from '../../ui/h.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import { createDelayed, realTimers } from '../../state/timers.ts';
import type { PageContext } from '../../page-context.ts';
import type { PeopleState } from '../people/person-state.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { openOwnDigits } from './own-digits-view.ts';
import { presentLight } from './recovery-shown.ts';
import { lightButton, redLight } from './status-light.ts';
import { waitingRooms } from './trust-state.ts';

/** Of the record that is accepted in the open room. */
const openEpoch = ({ byUid, openRoomUid }: RoomsState): number | null =>
  byUid.get(openRoomUid ?? '')?.keys.verdict?.epoch ?? null;

/** Only another identity, and who confirmed it, can change a mark from outside. */
const versionsOf = ({ byUid }: PeopleState): string =>
  [...byUid.values()].map(({ identityVersion }) => identityVersion).join();

const marksDelayMs = 1_500;

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
  // Whoever has just come in reads first; marks beside names may come a moment later.
  const lookAtMarks = createDelayed(realTimers, marksDelayMs, () => drop(app.actions.trust.lookAtMarks()));
  disposables.add(
    app.stores.rooms.subscribe(({ openRoomUid }) => openRoomUid, lookAtMarks.request),
    app.stores.rooms.subscribe(({ byUid }) => byUid.size, lookAtMarks.request),
    // A colleague may have confirmed somebody with it.
    app.stores.rooms.subscribe(openEpoch, lookAtMarks.request),
    app.stores.people.subscribe(versionsOf, lookAtMarks.request),
    lookAtMarks.cancel,
  );
  lookAtMarks.request();
  paint();
  return { element, dispose: disposables.dispose };
}
