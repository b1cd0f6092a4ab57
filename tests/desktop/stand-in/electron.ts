/**
 * The stand-in for Electron where its binary is not there: the part of its API that the app uses, which is written down in
 * `main/electron-api.ts`. Electron's own types are checked against that file in `main/main.ts`, and this against it here:
 * neither can drift from the other without the compiler noticing.
 */
import type {
  ClickEvents,
  ElectronApi,
  MenuTemplate,
  PowerEvents,
  ThemeEvents,
  Toast,
  TrayIcon,
} from '../../../main/electron-api.ts';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { createEmitter } from './emitter.ts';
import { ipcMain } from './ipc.ts';
import { sessionOf } from './sessions.ts';
import { utilityProcess } from './utility-process.ts';

type MenuItem = MenuTemplate & { id?: string };
type NotificationStatics = Pick<ElectronApi['Notification'], 'isSupported'>;
type Made<Instance> = { new (...args: never[]): Instance; prototype: object };

/** Constructors whose methods lie on the prototype, where the probe wraps them in Electron, too. */
function Tray(this: TrayIcon, file: string) {
  Object.assign(this, createEmitter<ClickEvents>());
  this.setImage(file);
}
Object.assign(Tray.prototype as object, {
  setImage: () => undefined,
  setToolTip: () => undefined,
  setContextMenu: () => undefined,
  destroy: () => undefined,
} satisfies Omit<TrayIcon, 'on'>);

function Notification(this: Toast, options: object) {
  Object.assign(this, createEmitter<ClickEvents>(), options);
}
Object.assign(Notification.prototype as object, { show: () => undefined } satisfies Omit<Toast, 'on'>);
Object.assign(Notification, { isSupported: () => true } satisfies NotificationStatics);

const nativeTheme = {
  ...createEmitter<ThemeEvents>(),
  shouldUseDarkColors: false,
  shouldUseDarkColorsForSystemIntegratedUI: false,
};

const blockers = new Set<number>();
let lastBlocker = 0;

const standIn = {
  app,
  BrowserWindow,
  Menu: {
    buildFromTemplate: (template) => ({
      items: template.map((item): MenuItem => ({ enabled: true, ...item })),
    }),
    setApplicationMenu: () => undefined,
  },
  Notification: Notification as unknown as ElectronApi['Notification'], // see above
  Tray: Tray as unknown as ElectronApi['Tray'] & Made<object>, // see above
  clipboard: { writeText: () => undefined },
  dialog: {
    showMessageBox: () => Promise.reject(new Error('nobody answers a dialog here: the probe does')),
    showOpenDialog: () => Promise.reject(new Error('nobody answers a dialog here: the probe does')),
  },
  ipcMain,
  nativeTheme,
  powerMonitor: createEmitter<PowerEvents>(),
  powerSaveBlocker: {
    start() {
      lastBlocker += 1;
      blockers.add(lastBlocker);
      return lastBlocker;
    },
    stop: (id) => blockers.delete(id),
    isStarted: (id) => blockers.has(id),
  },
  protocol: { registerSchemesAsPrivileged: () => undefined },
  session: { fromPartition: sessionOf },
  shell: {
    openExternal: () => Promise.resolve(),
    openPath: () => Promise.resolve(''),
  },
  utilityProcess,
} satisfies ElectronApi;

export const { Menu, clipboard, dialog, powerMonitor, powerSaveBlocker, protocol, session, shell } = standIn;
const { Notification: notification, Tray: tray } = standIn;
export {
  app,
  BrowserWindow,
  ipcMain,
  nativeTheme,
  utilityProcess,
  notification as Notification,
  tray as Tray,
};
/** As specs get it. */
export { standIn };
