/** The icon beside the clock. Whatever changes, one `render` draws icon, tooltip and menu from what is true now. */
import path from 'node:path';
import type { DesktopSettings, HostCommand, HostState } from '#contract/process-messages.ts';
import { say } from './desktop-words.ts';
import type { DesktopWord, Language } from './desktop-words.ts';
import type { ElectronApi, MenuTemplate, TrayIcon } from './electron-api.ts';

export type TrayFacts = {
  state: HostState;
  settings: Pick<DesktopSettings, 'startAtLogin'>;
  isLoginItemPossible: boolean;
  language: Language;
  /** The address that colleagues open, for the tooltip. */
  url: string | null;
};

export type WindowPage = 'overview' | 'addresses' | 'statistics' | 'settings';

export type TrayChoices = {
  run(command: HostCommand): void;
  show(page: WindowPage): void;
  setStartAtLogin(isOn: boolean): void;
};

type Deps = Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeTheme'> & {
  iconsDir: string;
  platform: NodeJS.Platform;
  facts: () => TrayFacts;
  choose: TrayChoices;
};

export type AppTray = { render(): void; destroy(): void };

export function createTray({ Tray, Menu, nativeTheme, iconsDir, platform, facts, choose }: Deps): AppTray {
  let icon: TrayIcon | null = null;
  let isGone = false;

  function render(): void {
    if (isGone) return;
    const present = facts();
    const file = path.join(iconsDir, iconName(present.state, nativeTheme, platform));
    if (icon === null) {
      icon = new Tray(file);
      // Windows and most Linux panels; macOS opens the menu instead
      if (platform !== 'darwin') icon.on('click', () => choose.show('overview'));
    } else {
      icon.setImage(file);
    }
    icon.setToolTip(tooltip(present));
    // a new menu each time: Linux shows changes of an old one only when it is set again
    icon.setContextMenu(Menu.buildFromTemplate(menuTemplate(present, choose)));
  }

  nativeTheme.on('updated', render);
  return {
    render,
    destroy() {
      isGone = true;
      icon?.destroy();
      icon = null;
    },
  };
}

type Theme = ElectronApi['nativeTheme'];

/** Which file of `build/icons/tray`. Electron itself finds the `@2x` beside it. */
export function iconName(
  { phase }: HostState,
  theme: Pick<Theme, 'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI'>,
  platform: NodeJS.Platform,
): string {
  const shown = phase === 'stopping' ? 'starting' : phase;
  // macOS tints a template by itself, and knows it by its name
  if (platform === 'darwin') return `${shown}Template.png`;
  // the taskbar of Windows can be dark under light windows
  const isDark =
    platform === 'win32' ? theme.shouldUseDarkColorsForSystemIntegratedUI : theme.shouldUseDarkColors;
  return `${shown}-${isDark ? 'dark' : 'light'}.png`;
}

const titles: Record<HostState['phase'], DesktopWord> = {
  starting: 'starting',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  problem: 'problem',
};

function tooltip({ state, language, url }: TrayFacts): string {
  const more = state.phase === 'problem' ? state.sentence : (url ?? '');
  // Windows shows 127 characters at most
  return [say(titles[state.phase], language), more].filter(Boolean).join('\n').slice(0, 127);
}

/** The menu as it should be now. Ids are for tests and stay the same in every language. */
export function menuTemplate(facts: TrayFacts, choose: TrayChoices): MenuTemplate[] {
  const { state, language, settings, isLoginItemPossible } = facts;
  const { phase } = state;
  const isRunning = phase === 'running';
  const isDown = phase === 'stopped' || phase === 'problem';
  const item = (word: DesktopWord, click: () => void, enabled = true): MenuTemplate => ({
    id: word,
    label: say(word, language),
    enabled,
    click,
  });
  const line: MenuTemplate = { type: 'separator' };
  return [
    { id: 'state', label: say(titles[phase], language), enabled: false },
    ...(phase === 'problem' ? [item('showProblem', () => choose.show('overview'))] : []),
    line,
    item('openMessenger', () => choose.run('open-messenger'), isRunning),
    item('copyAddress', () => choose.run('copy-address'), isRunning),
    item('showQrCode', () => choose.show('addresses'), isRunning),
    line,
    item('start', () => choose.run('start'), isDown),
    item('stop', () => choose.run('stop'), !isDown && phase !== 'stopping'),
    item('restart', () => choose.run('restart'), isRunning),
    line,
    item('statistics', () => choose.show('statistics')),
    item('settings', () => choose.show('settings')),
    item('openLogs', () => choose.run('open-logs-folder')),
    {
      id: 'startAtLogin',
      label: say('startAtLogin', language),
      type: 'checkbox',
      checked: settings.startAtLogin,
      enabled: isLoginItemPossible,
      click: () => choose.setStartAtLogin(!settings.startAtLogin),
    },
    line,
    item('quit', () => choose.run('quit')),
  ];
}
