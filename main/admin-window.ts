/**
 * The only window: sandboxed, with one preload, showing one page that it can never leave. Closing it leaves the app in the
 * tray and gives the page's memory back.
 */
import { appOrigin } from './app-page.ts';
import type { AdminBrowserWindow, AdminSession, App, Contents, ElectronApi } from './electron-api.ts';
import type { WindowPage } from './tray.ts';

/** On disk, so that the page remembers its theme; no cookie or site ever lives there. */
export const partition = 'persist:desktop';

type Deps = Pick<ElectronApi, 'BrowserWindow'> & {
  preload: string;
  icon: string;
  background: () => string;
  onShown: () => void;
  onClosed: () => void;
  log: (text: string) => void;
};

export type AdminWindow = {
  /** Opens it, or brings it to the front, at a page. */
  show(page: WindowPage): void;
  /** True if this is the top frame of the present window at our own page. */
  isOwnFrame(sender: object, frame: { url: string; parent: object | null } | null): boolean;
  isVisible(): boolean;
  send(channel: string, payload: unknown): void;
  close(): void;
};

export function createAdminWindow({
  BrowserWindow,
  preload,
  icon,
  background,
  onShown,
  onClosed,
  log,
}: Deps): AdminWindow {
  let present: AdminBrowserWindow | null = null;

  function open(page: WindowPage): AdminBrowserWindow {
    const window = new BrowserWindow(windowOptions({ preload, icon, background: background() }));
    window.setMenu(null);
    window.on('closed', () => {
      if (present !== window) return;
      present = null;
      onClosed();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log(`the window's page is gone: ${reason}`);
      // a page that died shows nothing and can do nothing; the next click opens a fresh one
      if (reason !== 'clean-exit') window.destroy();
    });
    go(window, page);
    return window;
  }

  /** The same document with another hash: a page that is open keeps what it has. */
  function go(window: AdminBrowserWindow, page: WindowPage): void {
    window.webContents.loadURL(addressOf(page)).catch((error: unknown) => {
      // a second click interrupts the first one's loading
      log(`the window's page did not load: ${String(error)}`);
    });
  }

  return {
    show(page) {
      if (present === null) {
        present = open(page);
      } else if (page !== 'overview' && present.webContents.getURL() !== addressOf(page)) {
        go(present, page);
      }
      if (present.isMinimized()) present.restore();
      present.show();
      present.focus();
      onShown();
    },
    isOwnFrame(sender, frame) {
      if (present === null || frame === null || sender !== present.webContents) return false;
      return frame.parent === null && frame.url.startsWith(`${appOrigin}/`);
    },
    isVisible: () => present?.isVisible() ?? false,
    send(channel, payload) {
      if (present !== null && !present.webContents.isDestroyed()) present.webContents.send(channel, payload);
    },
    close: () => present?.destroy(),
  };
}

/** Sandboxed and isolated: what the page may do is what the preload gives it (Electron's security checklist). */
const windowOptions = ({ preload, icon, background }: Record<'preload' | 'icon' | 'background', string>) => ({
  width: 1120,
  height: 760,
  minWidth: 480,
  minHeight: 420,
  title: 'Maru',
  icon,
  backgroundColor: background,
  autoHideMenuBar: true,
  webPreferences: {
    preload,
    partition,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    enableWebSQL: false,
    devTools: true,
  },
});

export const addressOf = (page: WindowPage): string => `${appOrigin}/index.html#${page}`;

/** Rules for whatever contents there ever are, so that none can be forgotten. */
export function confineContents(app: Pick<App, 'on'>, log: (text: string) => void): void {
  app.on('web-contents-created', (_event, contents: Contents) => {
    const stay = (event: { preventDefault(): void; url: string }): void => {
      if (event.url.startsWith(`${appOrigin}/index.html`)) return;
      event.preventDefault();
      log('the window was kept from leaving its page');
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', stay);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** The window's session may do nothing but show its own files. */
export function confineSession(session: AdminSession): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // dictionaries would come from the internet
  session.setSpellCheckerEnabled(false);
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerDictionaryDownloadURL(`${appOrigin}/no-dictionaries/`);
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    callback({ cancel: !/^(maru:\/\/app\/|data:|devtools:)/.test(url) });
  });
}
