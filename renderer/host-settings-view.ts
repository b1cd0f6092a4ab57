import type {
  DesktopAbilities,
  DesktopSettings,
  HostCommand,
  HostControls,
} from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';
import { createDisposables } from '../static/state/disposables.ts';
import { drop } from '../static/state/drop.ts';
import { button } from '../static/ui/button.ts';
import { createChoice } from '../static/ui/choice.ts';
import { h, replaceContent } from '../static/ui/h.ts';
import type { View } from '../static/ui/view.ts';
import { runCommand } from './host-commands.ts';
import { createSwitch } from './switch.ts';

type Flag = 'startAtLogin' | 'startHidden' | 'keepAwake';

/** The settings of the app itself; they count at once. */
export function createHostSettingsView(context: AdminContext, host: HostControls): View {
  const { locale } = context;
  const disposables = createDisposables();
  const body = h('div', {});
  const element = h(
    'section',
    { class: 'card host-settings' },
    h('h2', { class: 'card__title' }, locale.say('desktop.app')),
    body,
  );

  const paint = (settings: DesktopSettings, abilities: DesktopAbilities): void => {
    const setLanguage = async (language: DesktopSettings['language']): Promise<void> => {
      const present = await host.changeSettings({ language });
      // it could not be saved, and the choice has already moved
      if (present.language !== language) paint(present, abilities);
    };
    // a repaint takes the focus away from the control that caused it
    const focused = body.contains(document.activeElement) ? document.activeElement?.id : undefined;
    const flag = (name: Flag, isPossible: boolean, hint?: string): HTMLElement =>
      createSwitch({
        id: `switch-${name}`,
        label: locale.say(`desktop.${name}`),
        hint: isPossible ? hint : locale.say('desktop.notHere'),
        isOn: settings[name] && isPossible,
        isDisabled: !isPossible,
        onChange: async (isOn) => (await host.changeSettings({ [name]: isOn }))[name],
      });
    replaceContent(
      body,
      flag('startAtLogin', abilities.startAtLogin),
      flag('startHidden', true),
      flag('keepAwake', abilities.keepAwake, locale.say('desktop.keepAwakeText')),
      h('h3', { class: 'host-settings__title' }, locale.say('desktop.language')),
      createChoice<DesktopSettings['language']>({
        label: locale.say('desktop.language'),
        value: settings.language,
        options: [
          { value: 'system', label: locale.say('desktop.languageSystem') },
          { value: 'ko', label: '한국어' },
          { value: 'en', label: 'English' },
        ],
        onChange: (language) => drop(setLanguage(language)),
      }),
      h('h3', { class: 'host-settings__title' }, locale.say('desktop.folders')),
      h('div', { class: 'button-row' }, ...folderButtons(context, host, abilities)),
    );
    if (focused) document.getElementById(focused)?.focus();
  };
  const load = async (): Promise<void> => {
    const abilities = await host.abilities();
    disposables.add(host.onSettings((next) => paint(next, abilities)));
    paint(await host.settings(), abilities);
  };
  drop(load());
  return { element, dispose: disposables.dispose };
}

function folderButtons(
  context: AdminContext,
  host: HostControls,
  abilities: DesktopAbilities,
): HTMLElement[] {
  const { locale } = context;
  const action = (command: HostCommand, label: string): HTMLElement =>
    button({ label, size: 'small', onClick: () => drop(runCommand(context, host, command)) });
  return [
    action('open-data-folder', locale.say('desktop.openData')),
    action('open-logs-folder', locale.say('desktop.openLogs')),
    action('open-backups-folder', locale.say('desktop.openBackups')),
    ...(abilities.chooseDataFolder ? [action('choose-data-folder', locale.say('desktop.chooseData'))] : []),
  ];
}
