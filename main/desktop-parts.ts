/** What lives as long as the app does, put together. Nothing here has begun to work. */
import type { networkInterfaces } from 'node:os';
import path from 'node:path';
import { createAdminWindow } from './admin-window.ts';
import type { AdminWindow } from './admin-window.ts';
import { openSettings } from './desktop-settings.ts';
import type { SettingsStore } from './desktop-settings.ts';
import { say } from './desktop-words.ts';
import type { ElectronApi } from './electron-api.ts';
import { createHost } from './host.ts';
import type { Host } from './host.ts';
import { sendIpcEvent } from './ipc-events.ts';
import { createKeepAwake } from './keep-awake.ts';
import type { Launch } from './launch-arguments.ts';
import { createLoginItem } from './login-item.ts';
import type { Timers } from './patient-timer.ts';
import { createServerAddresses } from './server-addresses.ts';
import type { ServerAddresses } from './server-addresses.ts';
import { createServerLauncher } from './server-launcher.ts';
import { createServerProcess } from './server-process.ts';
import type { ServerLimits, ServerProcess, ServerStatus } from './server-process.ts';
import { createTray } from './tray.ts';
import type { AppTray } from './tray.ts';

export type Surroundings = {
  electron: ElectronApi;
  launch: Launch;
  /** `main/` and `renderer/` of the bundle: preload, icons and page. */
  bundleDir: string;
  /** `server/` and `static/` of the bundle. */
  serverDir: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  interfaces: typeof networkInterfaces;
  timers: Timers;
  now: () => number;
  killHard: (pid: number) => void;
  limits: ServerLimits;
  /** What the server prints goes on to a terminal, where there is one. */
  onServerOutput: (text: string) => void;
  onBugs: (report: (text: string) => void) => void;
};

export type Log = (text: string) => void;

export type Parts = {
  /** What cannot be saved is said, and stays as it was. */
  settings: SettingsStore;
  server: ServerProcess;
  addresses: ServerAddresses;
  host: Host;
  window: AdminWindow;
  tray: AppTray;
  /** Holds the computer awake, or lets it sleep, as it is wanted now. */
  followKeepAwake: () => void;
  /** Says something beside the clock; a click opens the window. */
  toast: (body: string) => void;
};

const addressPollMs = 15_000;

/** `onStatus` hears of everything that becomes of the server. */
export function createParts(
  surroundings: Surroundings,
  onStatus: (status: ServerStatus) => void,
  log: Log,
): Parts {
  const { electron, launch, serverDir, env, timers, now } = surroundings;
  const { app } = electron;
  const stored = openAppSettings(surroundings);
  const options = { ...launch.server };
  const launcher = createServerLauncher({
    ...electron,
    serverDir,
    options,
    chosenDataDir: () => stored.dataDir(),
  });
  const server = createServerProcess({
    fork: (once) => launcher.start(once),
    killHard: surroundings.killHard,
    timers,
    now,
    limits: surroundings.limits,
    onStatus,
    onEvent: (name, payload) => sendIpcEvent(window, 'admin:event', { name, payload }),
    onOutput: surroundings.onServerOutput,
    log,
  });
  const addresses = createServerAddresses({
    server,
    interfaces: surroundings.interfaces,
    timers,
    pollMs: addressPollMs,
    onChange: () => tray.render(),
  });
  const host = createHost({
    ...electron,
    server,
    settings: stored,
    addresses,
    options,
    env,
    systemLanguages: app.getPreferredSystemLanguages(),
    restoreCopy: (file) => launcher.restore(file),
    quit: () => app.quit(),
  });
  const window = createWindow(surroundings, () => void server.call('admin:watch', { on: false }), log);
  const toast = (body: string): void => showToast(electron, { host, window, log }, body);
  const settings: SettingsStore = {
    ...stored,
    change(changes) {
      try {
        return stored.change(changes);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        toast(say('fileNotWritten', host.language(), { reason }));
        // a tick that the menu made by itself goes again
        tray.render();
        return stored.read();
      }
    },
  };
  const tray = createAppTray(surroundings, { settings, addresses, host, window, toast });
  const keepAwake = createKeepAwake(electron.powerSaveBlocker);
  return {
    settings,
    server,
    addresses,
    host,
    window,
    tray,
    followKeepAwake() {
      const { phase } = server.status();
      keepAwake.set(settings.read().keepAwake && (phase === 'running' || phase === 'starting'));
    },
    toast,
  };
}

function openAppSettings({ electron, env, platform, now }: Surroundings): SettingsStore {
  const { app } = electron;
  const loginItem = createLoginItem({
    app,
    platform,
    appImage: env['APPIMAGE'],
    configHome: env['XDG_CONFIG_HOME'],
  });
  return openSettings({ file: path.join(app.getPath('userData'), 'settings.json'), loginItem, now });
}

const iconsDir = ({ bundleDir }: Surroundings): string => path.join(bundleDir, 'main', 'icons');

function createWindow(surroundings: Surroundings, onClosed: () => void, log: Log): AdminWindow {
  const { electron, bundleDir } = surroundings;
  const { app, nativeTheme } = electron;
  return createAdminWindow({
    ...electron,
    preload: path.join(bundleDir, 'main', 'preload.cjs'),
    icon: path.join(iconsDir(surroundings), 'app-icon.png'),
    background: () => (nativeTheme.shouldUseDarkColors ? '#17181a' : '#ffffff'),
    onShown: () => void app.dock?.show(),
    onClosed() {
      app.dock?.hide();
      onClosed();
    },
    log,
  });
}

function createAppTray(
  surroundings: Surroundings,
  { settings, addresses, host, window, toast }: Omit<Parts, 'server' | 'tray' | 'followKeepAwake'>,
): AppTray {
  return createTray({
    ...surroundings.electron,
    iconsDir: iconsDir(surroundings),
    platform: surroundings.platform,
    facts: () => ({
      state: host.state(),
      settings: settings.read(),
      isLoginItemPossible: settings.isLoginItemPossible,
      language: host.language(),
      url: addresses.known(),
    }),
    choose: {
      run: (command) => void host.run(command).then(({ sentence }) => sentence && toast(sentence)),
      show: (page) => window.show(page),
      setStartAtLogin: (isOn) => void settings.change({ startAtLogin: isOn }),
    },
  });
}

function showToast(
  { Notification }: Pick<ElectronApi, 'Notification'>,
  { host, window, log }: Pick<Parts, 'host' | 'window'> & { log: Log },
  body: string,
): void {
  log(body);
  if (!Notification.isSupported()) return;
  const shown = new Notification({ title: say('name', host.language()), body });
  shown.on('click', () => window.show('overview'));
  shown.show();
}
