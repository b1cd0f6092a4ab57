/** Watches what is done at this page, and tells the server when nobody is there. */
import type { App } from '../../app-types.ts';
import { createDisposables } from '../../state/disposables.ts';
import { realTimers } from '../../state/timers.ts';
import { createAwayWatch } from './away-watch.ts';

const touches = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'input', 'focus'] as const;

/** Gives how to stop it. */
export function watchAwayPage({ actions, stores }: App): () => void {
  const disposables = createDisposables();
  const watch = createAwayWatch({
    timers: realTimers,
    isVisible: document.visibilityState === 'visible',
    report: actions.presence.report,
  });
  for (const name of touches) {
    disposables.listen(window, name, watch.touched, { passive: true, capture: true });
  }
  disposables.listen(document, 'visibilitychange', () => watch.shown(document.visibilityState === 'visible'));
  disposables.add(
    stores.connection.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && watch.connected(),
    ),
    watch.stop,
  );
  return disposables.dispose;
}
