/**
 * The part of Electron that this app uses, member by member. Everything in `main/` takes what it needs of this as an
 * argument, so that it runs and is tested in plain Node; `main.ts` hands in the real thing, and the compiler checks it
 * there against Electron's own types. The stand-in of `tests/desktop` is checked against the same.
 *
 * Events are written out, with what a listener is given, because that is what the app relies on.
 */
import type * as Electron from 'electron';

/** By an event's name, what its listeners are given. */
export type EventTable = Record<string, unknown[]>;

type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** `on` as Electron declares it: an overload for each event. */
type Listens<Events extends EventTable> = {
  on: Together<
    {
      [Name in keyof Events]: (event: Name, listener: (...args: Events[Name]) => void) => unknown;
    }[keyof Events]
  >;
};

export type Preventable = { preventDefault(): void };

export type AppEvents = {
  'second-instance': [event: unknown, argv: string[], workingDirectory: string];
  'window-all-closed': [];
  activate: [];
  'before-quit': [event: Preventable];
  'web-contents-created': [event: unknown, contents: Contents];
};

export type App = Pick<
  Electron.App,
  | 'isPackaged'
  | 'requestSingleInstanceLock'
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'getAppPath'
  | 'getVersion'
  | 'setAppUserModelId'
  | 'getPreferredSystemLanguages'
  | 'setLoginItemSettings'
  | 'enableSandbox'
> & {
  commandLine: Pick<Electron.CommandLine, 'appendSwitch'>;
  dock?: Pick<Electron.Dock, 'hide' | 'show'> | undefined;
  getPath(name: 'userData' | 'exe' | 'appData' | 'home'): string;
  setPath(name: 'userData', path: string): void;
  getLoginItemSettings(
    options?: Electron.LoginItemSettingsOptions,
  ): Pick<Electron.LoginItemSettings, 'openAtLogin'>;
} & Listens<AppEvents>;

export type Frame = Pick<Electron.WebFrameMain, 'url' | 'origin'> & { parent: object | null };

export type ContentsEvents = {
  'will-navigate': [event: Preventable & { url: string }];
  'will-redirect': [event: Preventable & { url: string }];
  'will-frame-navigate': [event: Preventable & { url: string; isMainFrame: boolean }];
  'will-attach-webview': [event: Preventable];
  'render-process-gone': [event: unknown, details: { reason: string }];
};

export type Contents = Pick<
  Electron.WebContents,
  'send' | 'isDestroyed' | 'getURL' | 'loadURL' | 'isLoading'
> & {
  id: number;
  mainFrame: Frame;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
} & Listens<ContentsEvents>;

export type WindowEvents = { closed: [] };

export type AdminBrowserWindow = Pick<
  Electron.BrowserWindow,
  'show' | 'focus' | 'isMinimized' | 'restore' | 'isDestroyed' | 'destroy' | 'setMenu' | 'isVisible'
> & {
  webContents: Contents;
} & Listens<WindowEvents>;

export type SessionEvents = { 'will-download': [event: Preventable] };

export type AdminSession = Pick<
  Electron.Session,
  'setSpellCheckerEnabled' | 'setSpellCheckerLanguages' | 'setSpellCheckerDictionaryDownloadURL'
> & {
  protocol: {
    handle(scheme: string, handler: (request: Request) => Promise<Response> | Response): void;
  };
  webRequest: {
    onBeforeRequest(
      listener:
        | ((details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void)
        | null,
    ): void;
  };
  setPermissionRequestHandler(
    handler:
      | ((contents: unknown, permission: unknown, callback: (isGranted: boolean) => void) => void)
      | null,
  ): void;
  setPermissionCheckHandler(handler: (() => boolean) | null): void;
  setDevicePermissionHandler(handler: (() => boolean) | null): void;
} & Listens<SessionEvents>;

/** A menu made of a template: only ever handed back to Electron. */
export type TrayMenu = { items: readonly object[] };

export type MenuTemplate = Pick<
  Electron.MenuItemConstructorOptions,
  'id' | 'label' | 'type' | 'enabled' | 'checked' | 'role'
> & { click?: () => void; submenu?: MenuTemplate[] };

export type ClickEvents = { click: [] };

export type TrayIcon = {
  setImage(file: string): void;
  setToolTip(text: string): void;
  setContextMenu(menu: TrayMenu | null): void;
  destroy(): void;
} & Listens<ClickEvents>;

export type IpcMain = {
  handle(channel: string, listener: (event: IpcEvent, input: unknown) => Promise<unknown>): void;
};

/** Of the event of an IPC message: who sent it. */
export type IpcEvent = { sender: object; senderFrame: Frame | null };

export type ChildEvents = { message: [message: unknown]; exit: [code: number] };

/** A running utility process. */
export type ServerChild = Pick<Electron.UtilityProcess, 'kill' | 'pid'> & {
  postMessage(message: unknown): void;
  stdout: NodeJS.ReadableStream | null;
  stderr: NodeJS.ReadableStream | null;
} & Listens<ChildEvents>;

export type ForkOptions = Pick<Electron.ForkOptions, 'serviceName' | 'env' | 'cwd'> & { stdio: 'pipe' };

export type PowerEvents = { suspend: []; resume: []; 'unlock-screen': []; shutdown: [] };
export type PowerMonitor = Listens<PowerEvents>;

export type Toast = { show(): void } & Listens<ClickEvents>;

export type ThemeEvents = { updated: [] };

export type ElectronApi = {
  app: App;
  BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => AdminBrowserWindow;
  Menu: {
    buildFromTemplate(template: MenuTemplate[]): TrayMenu;
    setApplicationMenu(menu: TrayMenu | null): void;
  };
  Notification: {
    new (options: { title: string; body: string }): Toast;
    isSupported(): boolean;
  };
  Tray: new (file: string) => TrayIcon;
  clipboard: { writeText(text: string): void };
  dialog: {
    showMessageBox(
      options: Pick<
        Electron.MessageBoxOptions,
        'type' | 'message' | 'detail' | 'buttons' | 'defaultId' | 'cancelId' | 'noLink' | 'title'
      >,
    ): Promise<{ response: number }>;
    showOpenDialog(
      options: Pick<Electron.OpenDialogOptions, 'title' | 'defaultPath' | 'properties' | 'filters'>,
    ): Promise<{ canceled: boolean; filePaths: string[] }>;
  };
  ipcMain: IpcMain;
  nativeTheme: Pick<
    Electron.NativeTheme,
    'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI'
  > &
    Listens<ThemeEvents>;
  powerMonitor: PowerMonitor;
  powerSaveBlocker: Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
  protocol: { registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void };
  session: { fromPartition(name: string): AdminSession };
  shell: Pick<Electron.Shell, 'openExternal' | 'openPath'>;
  utilityProcess: { fork(file: string, args: string[], options: ForkOptions): ServerChild };
};
