/** Boots the client in a browser: finds out what it has, puts the app together, mounts the page. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds missing built-ins, before anything uses them
import './polyfills.ts';
import { takeAdminReturn } from './admin-return.ts';
import { createApp } from './app.ts';
import type { RunningApp } from './app.ts';
import { createBrowserEnvironment } from './browser-environment.ts';
import { createSound } from './features/notifications/sound.ts';
import { mountPage } from './page-view.ts';
import { drop } from './state/drop.ts';
import { openStorage } from './storage/open-storage.ts';

const start = async (): Promise<void> => {
  const storage = await openStorage();
  const app = createApp(await createBrowserEnvironment(window, storage));
  const host = document.getElementById('app') ?? document.body;
  mountPage(app, host);
  watchPage(app);
  notifyOutsideThePage(app);
  returnToAdmin(app);
  await app.start();
};

/** Stores what waits when the page hides, and looks at the connection when it comes back. */
const watchPage = (app: RunningApp): void => {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') drop(app.flush());
    else app.wakeUp();
  });
  window.addEventListener('pagehide', () => drop(app.flush()));
  window.addEventListener('online', () => app.wakeUp());
};

const notifyOutsideThePage = (app: RunningApp): void => {
  // Here from the start: the press that signs in is what allows it to sound.
  const sound = createSound(window, () => app.stores.preferences.get().isSoundOn);
  app.onIncoming(sound.play);
  let isBegun = false;
  /** The code comes with the first connection: before, there is no news. */
  const begin = async (): Promise<void> => {
    if (isBegun) return;
    isBegun = true;
    try {
      (await import('./outside-unread.ts')).showUnreadOutside(app);
    } catch {
      // The server, which has it, went away again: the next connection asks once more.
      isBegun = false;
    }
  };
  app.stores.connection.subscribe(
    ({ phase }) => phase,
    (phase) => {
      if (phase === 'online') drop(begin());
    },
  );
};

/** Whoever came from `/admin` to sign in goes back there. */
const returnToAdmin = (app: RunningApp): void => {
  const isWanted = takeAdminReturn(window);
  app.stores.account.subscribe(
    ({ phase }) => phase.name,
    (name) => {
      if (isWanted && name === 'signed-in') location.assign('/admin');
    },
  );
};

drop(start());
