/** The desktop app from its start on: what it is allowed, what it listens to, what it shows first. */
import path from 'node:path';
import { confineContents, confineSession, partition } from './admin-window.ts';
import { quitGracefully, watchPower } from './app-lifecycle.ts';
import { registerScheme, servePage } from './app-page.ts';
import { openDesktopLog } from './desktop-log.ts';
import { createParts } from './desktop-parts.ts';
import type { Log, Parts, Surroundings } from './desktop-parts.ts';
import { say } from './desktop-words.ts';
import type { App } from './electron-api.ts';
import { sendIpcEvent } from './ipc-events.ts';
import { openIpcGateway } from './ipc-gateway.ts';
import { createIpcHandlers } from './ipc-handlers.ts';
import type { Launch } from './launch-arguments.ts';
import { goOffline } from './offline-switches.ts';
import type { ServerStatus } from './server-process.ts';

/** Windows groups windows and notifications by it; the installer writes the same into its shortcut. */
export const appUserModelId = 'Maru.IntranetMessenger';

/** Of its own everywhere: macOS would put it where the server's data are, in a folder whose name differs by case alone. */
const userDataFolder = (app: App, { userDataDir }: Launch, platform: NodeJS.Platform): string =>
  userDataDir === null
    ? path.join(app.getPath('appData'), platform === 'linux' ? 'maru-desktop' : 'Maru Desktop')
    : path.resolve(userDataDir);

/** Starts the app. Everything before the first `await` must happen before Electron is ready. */
export async function startDesktop(surroundings: Surroundings): Promise<void> {
  const { electron, launch, platform } = surroundings;
  const { app } = electron;
  app.setPath('userData', userDataFolder(app, launch, platform));
  if (platform === 'win32') app.setAppUserModelId(appUserModelId);
  app.enableSandbox();
  goOffline(app);
  registerScheme(electron);
  // the first instance shows its window, see below
  if (!app.requestSingleInstanceLock()) return app.quit();
  const log = openDesktopLog(path.join(app.getPath('userData'), 'desktop.log'), surroundings.now);
  surroundings.onBugs(log);
  confineContents(app, log);
  // closing the window leaves the app in the tray
  app.on('window-all-closed', () => undefined);
  await app.whenReady();
  return run(surroundings, log);
}

function run(surroundings: Surroundings, log: Log): void {
  const parts = createParts(surroundings, (status) => followServer(parts, status, log), log);
  connectPage(surroundings, parts, log);
  followSystem(surroundings, parts, log);
  begin(surroundings, parts);
}

function followServer(parts: Parts, status: ServerStatus, log: Log): void {
  const { addresses, host, window, toast } = parts;
  log(`server: ${JSON.stringify(status)}`);
  showChange(parts);
  if (status.phase === 'running') void addresses.refresh();
  const state = host.state();
  if (state.phase === 'problem' && !window.isVisible()) {
    toast(`${say('problemTitle', host.language())}\n${state.sentence}`);
  }
}

/** Whatever changed, all that depends on server and settings is drawn anew. */
function showChange({ followKeepAwake, tray, host }: Parts): void {
  followKeepAwake();
  tray.render();
  host.announce();
}

/** The window's page: where it comes from, what it may ask, what it is told. */
function connectPage({ electron, bundleDir, serverDir }: Surroundings, parts: Parts, log: Log): void {
  const { host, server, settings, window } = parts;
  const session = electron.session.fromPartition(partition);
  confineSession(session);
  // the font's pieces are the messenger's own
  servePage(session, [path.join(bundleDir, 'renderer'), path.join(serverDir, 'static')]);
  openIpcGateway({
    ...electron,
    handlers: createIpcHandlers({ host, server, settings }),
    isOwnFrame: (sender, frame) => window.isOwnFrame(sender, frame),
    log,
  });
  host.onState((state) => sendIpcEvent(window, 'host:state-changed', state));
  settings.onChange((present) => {
    sendIpcEvent(window, 'host:settings-changed', present);
    showChange(parts);
  });
}

/** What the operating system and other instances tell the app. */
function followSystem({ electron, platform }: Surroundings, parts: Parts, log: Log): void {
  const { app, Menu, powerMonitor } = electron;
  const { addresses, server, tray, window } = parts;
  // Electron's own menu has links to the internet; only macOS needs one, for copy and paste
  Menu.setApplicationMenu(
    platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  );
  app.on('second-instance', (_event, argv) => {
    if (!argv.includes('--hidden')) window.show('overview');
  });
  app.on('activate', () => window.show('overview'));
  quitGracefully({
    app,
    server,
    onQuitting: () => window.close(),
    onQuit() {
      addresses.stop();
      tray.destroy();
    },
  });
  watchPower({ powerMonitor, app, server, refresh: () => void addresses.refresh(), log });
}

function begin(
  { electron, launch }: Surroundings,
  { settings, server, host, tray, window, toast }: Parts,
): void {
  const { startHidden, isSetUpDone } = settings.read();
  tray.render();
  server.start();
  if (settings.keptAside !== null) {
    toast(say('settingsKeptAside', host.language(), { file: settings.keptAside }));
  }
  // on the first run there is something to do in the window
  if (launch.isHidden || (startHidden && isSetUpDone)) electron.app.dock?.hide();
  else window.show('overview');
}
