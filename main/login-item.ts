/**
 * Start at login, hidden. Windows and macOS keep a list that Electron writes; a Linux desktop reads `.desktop` files in its
 * autostart folder.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoginItem } from './desktop-settings.ts';
import type { App } from './electron-api.ts';

type Deps = {
  app: Pick<App, 'isPackaged' | 'getAppPath' | 'getPath' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  platform: NodeJS.Platform;
  /** The AppImage itself: what runs is only mounted while it runs. */
  appImage: string | undefined;
  /** `XDG_CONFIG_HOME`. */
  configHome: string | undefined;
};

/** How the app is started at login on this system. */
export function createLoginItem({ app, platform, appImage, configHome }: Deps): LoginItem {
  const program = appImage ?? app.getPath('exe');
  // from a clone, Electron has to be told what to run
  const args = [...(app.isPackaged ? [] : [app.getAppPath()]), '--hidden'];
  if (platform === 'linux') {
    const folder = path.join(configHome || path.join(app.getPath('home'), '.config'), 'autostart');
    return linuxItem(path.join(folder, 'maru.desktop'), [program, ...args]);
  }
  // Electron writes and compares the path as it is, and Windows reads it up to the first space
  const command = platform === 'win32' ? `"${program}"` : program;
  const entry = { path: command, args: args.map((argument) => quoted(argument)) };
  return {
    isPossible: platform === 'win32' || platform === 'darwin',
    isOn: () => app.getLoginItemSettings(entry).openAtLogin,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, ...entry }),
  };
}

const quoted = (argument: string): string => (argument.includes(' ') ? `"${argument}"` : argument);

function linuxItem(file: string, command: readonly string[]): LoginItem {
  return {
    isPossible: true,
    isOn: () => existsSync(file),
    set(isOn) {
      if (!isOn) return rmSync(file, { force: true });
      mkdirSync(path.dirname(file), { recursive: true });
      return writeFileSync(file, desktopEntry(command));
    },
  };
}

/** Desktop Entry Specification 1.5: arguments in quotes, with `"`, `` ` ``, `$` and `\` escaped, and `%` doubled. */
export function desktopEntry(command: readonly string[]): string {
  const line = command
    .map((part) => `"${part.replaceAll(/["`$\\]/g, (letter) => `\\${letter}`)}"`)
    .join(' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Maru',
    'Name[ko]=마루',
    'Comment=The messenger of this office',
    'Comment[ko]=사무실 메신저',
    `Exec=${line}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
