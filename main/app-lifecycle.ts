/** How the app ends, and what it does when the computer sleeps and wakes. */
import type { App, PowerMonitor } from './electron-api.ts';
import type { ServerProcess } from './server-process.ts';

type Quitting = {
  app: Pick<App, 'on' | 'quit'>;
  server: Pick<ServerProcess, 'close'>;
  onQuitting: () => void;
  onQuit: () => void;
};

/**
 * The server is stopped before the app goes, however the app was asked to go: menu, signal, the system shutting down. What
 * was accepted is finished; its clients are told and come back by themselves when it runs again.
 */
export function quitGracefully({ app, server, onQuitting, onQuit }: Quitting): void {
  let step: 'none' | 'stopping' | 'stopped' = 'none';
  async function leave(): Promise<void> {
    // for good: somebody's restart may be waiting for the same stop
    await server.close();
    step = 'stopped';
    onQuit();
    app.quit();
  }
  app.on('before-quit', (event) => {
    if (step === 'stopped') return;
    event.preventDefault();
    if (step === 'stopping') return;
    step = 'stopping';
    onQuitting();
    void leave();
  });
}

type Power = {
  powerMonitor: PowerMonitor;
  app: Pick<App, 'quit'>;
  server: Pick<ServerProcess, 'status' | 'start'>;
  refresh: () => void;
  log: (text: string) => void;
};

/** After a sleep the computer may be in another network: the addresses are asked for again. */
export function watchPower({ powerMonitor, app, server, refresh, log }: Power): void {
  powerMonitor.on('suspend', () => log('the computer goes to sleep'));
  powerMonitor.on('resume', () => {
    log('the computer woke up');
    const status = server.status();
    // an address that was not there may be there again
    if (status.phase === 'problem' && status.code === 'HOST_NOT_HERE') server.start();
    refresh();
  });
  powerMonitor.on('unlock-screen', refresh);
  powerMonitor.on('shutdown', () => app.quit());
}
