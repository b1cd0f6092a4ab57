/**
 * Watches, from inside the main process, what the app gives to the operating system and nobody could see otherwise: tray,
 * notifications, clipboard, dialogs, programs opened. Works on Electron and on the stand-in alike, by wrapping the same methods.
 */
import type { MenuItemConstructorOptions } from 'electron';

export type ProbeMenuItem = Pick<MenuItemConstructorOptions, 'id' | 'label' | 'type' | 'enabled' | 'checked'>;

export type Probe = {
  /** `said` is every tooltip there was: some are gone before anybody looks. */
  tray: { tooltip: string; said: string[]; icon: string; isDestroyed: boolean };
  menu: (ProbeMenuItem & { click?: (...args: unknown[]) => void })[];
  notifications: string[];
  copied: string[];
  openedAddresses: string[];
  openedFolders: string[];
  /** What the person answers: the number of a button, a folder or null for cancelling. */
  answers: { button: number; folder: string | null };
  asked: string[];
  isKeptAwake: boolean;
};

type Method = (...args: never[]) => unknown;
type Patched = Record<string, Method>;

/** Puts the probe into `globalThis.desktopProbe`. Must run before the app's own code. */
export function installProbe(electron: Record<string, unknown>): void {
  const probe: Probe = {
    tray: { tooltip: '', said: [], icon: '', isDestroyed: false },
    menu: [],
    notifications: [],
    copied: [],
    openedAddresses: [],
    openedFolders: [],
    answers: { button: 0, folder: null },
    asked: [],
    isKeptAwake: false,
  };
  const blockers = new Set<unknown>();
  // specs look at whatever the API has; its shape is checked where the app uses it
  const part = (name: string): Patched => electron[name] as Patched;
  const prototype = (name: string): Patched => (electron[name] as { prototype: Patched }).prototype;
  const wrap = (
    target: Patched,
    name: string,
    after: (args: unknown[], result: unknown, self: unknown) => unknown,
  ): void => {
    const original = target[name] as (...args: unknown[]) => unknown;
    target[name] = function wrapped(this: unknown, ...args: unknown[]) {
      const result: unknown = original.apply(this, args);
      return after(args, result, this) ?? result;
    };
  };
  const replace = (target: Patched, name: string, instead: (...args: never[]) => unknown): void => {
    target[name] = instead;
  };
  wrap(prototype('Tray'), 'setToolTip', ([text]) => {
    probe.tray.tooltip = String(text);
    probe.tray.said.push(probe.tray.tooltip);
  });
  wrap(prototype('Tray'), 'setImage', ([file]) => void (probe.tray.icon = String(file)));
  wrap(prototype('Tray'), 'destroy', () => void (probe.tray.isDestroyed = true));
  wrap(prototype('Tray'), 'setContextMenu', ([menu]) => {
    probe.menu = [...(menu as { items: Probe['menu'] }).items];
  });
  wrap(prototype('Notification'), 'show', (_args, _result, self) => {
    probe.notifications.push((self as { body: string }).body); // a notification, and nothing else, is shown
  });
  replace(part('clipboard'), 'writeText', (text: string) => void probe.copied.push(text));
  replace(part('shell'), 'openExternal', (url: string) => {
    probe.openedAddresses.push(url);
    return Promise.resolve();
  });
  replace(part('shell'), 'openPath', (folder: string) => {
    probe.openedFolders.push(folder);
    return Promise.resolve('');
  });
  replace(part('dialog'), 'showMessageBox', ({ message }: { message: string }) => {
    probe.asked.push(message);
    return Promise.resolve({ response: probe.answers.button, checkboxChecked: false });
  });
  replace(part('dialog'), 'showOpenDialog', () => {
    const { folder } = probe.answers;
    return Promise.resolve({ canceled: folder === null, filePaths: folder === null ? [] : [folder] });
  });
  wrap(part('powerSaveBlocker'), 'start', (_args, id) => {
    blockers.add(id);
    probe.isKeptAwake = true;
  });
  wrap(part('powerSaveBlocker'), 'stop', ([id]) => {
    blockers.delete(id);
    probe.isKeptAwake = blockers.size > 0;
  });
  Object.assign(globalThis, { desktopProbe: probe });
}
