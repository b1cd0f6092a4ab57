/** The window of the desktop app: the administrator's pages over the window's bridge, the state of the server, the first run. */
import type { DesktopSettings, HostState } from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';
import { createAdminShell } from '../static/features/admin/admin-shell-view.ts';
import type { AdminLocale } from '../static/locales/admin-locale.ts';
import { wholeAdminLocale } from '../static/locales/whole-admin-locale.ts';
import { drop } from '../static/state/drop.ts';
import { closeDialogs } from '../static/ui/dialog-closing.ts';
import { replaceContent, setAttribute } from '../static/ui/h.ts';
import { laterIconShapes } from '../static/ui/icon-shapes-later.ts';
import { addIconShapes } from '../static/ui/icon.ts';
import { createLiveRegion } from '../static/ui/live-region.ts';
import { createToasts } from '../static/ui/toast.ts';
import { createViewSlot } from '../static/ui/view.ts';
import type { View } from '../static/ui/view.ts';
import { createHostSettingsView } from './host-settings-view.ts';
import { createHostStateView } from './host-state-view.ts';
import { createServerControlsView } from './server-controls-view.ts';
import { createWizardView } from './wizard-view.ts';
import type { WizardProgress } from './wizard-view.ts';

const bridge = window.desktop;
const { host } = bridge;

const root = document.getElementById('app') ?? document.body;
replaceContent(root);
addIconShapes(laterIconShapes);
const slot = createViewSlot(root);

let state: HostState = { phase: 'starting' };
let settings = await host.settings();
let disposeContext = (): void => undefined;
let context = createContext(languageOf(settings));
/** The wizard goes on where it was while the server starts again in the middle of it. */
let wizard: WizardProgress | null = null;
/** What is shown now, so that the same thing is not built twice. */
let shown = '';

/** Words, toasts and announcements of one language. */
function createContext(locale: AdminLocale): AdminContext {
  setAttribute(document.documentElement, 'lang', locale.language);
  const live = createLiveRegion();
  const toasts = createToasts({
    label: locale.t('common.notices'),
    closeLabel: locale.t('common.close'),
    announce: live.announce,
  });
  document.body.append(live.element, toasts.element);
  disposeContext = () => {
    toasts.dispose();
    live.dispose();
  };
  // the host itself asks, and it is trusted as the owner
  return { bridge, locale, toasts, announce: live.announce, proveIdentity: null, auditFile: null };
}

/** The language that was chosen, else the system's; Korean unless that is clearly English. */
function languageOf({ language }: DesktopSettings): AdminLocale {
  const system = navigator.language.toLowerCase().startsWith('en') ? 'en' : 'ko';
  return wholeAdminLocale(language === 'system' ? system : language);
}

function createShell(): View {
  const controls = createServerControlsView(context, host);
  const shell = createAdminShell({
    context,
    onMessenger: () => drop(host.run('open-messenger')),
    settingsParts: () => [createHostSettingsView(context, host)],
    foot: [controls.element],
  });
  return {
    element: shell.element,
    dispose: () => {
      controls.dispose();
      shell.dispose();
    },
  };
}

function createWizard(progress: WizardProgress): View {
  return createWizardView({
    context,
    host,
    progress,
    onDone: () => {
      wizard = null;
      drop(host.changeSettings({ isSetUpDone: true }));
      show();
    },
  });
}

/** Shows what belongs to the state of the server. */
function show(): void {
  const isWizardShown = wizard !== null && state.phase !== 'problem' && state.phase !== 'stopped';
  const what = isWizardShown ? 'wizard' : state.phase === 'running' ? 'shell' : JSON.stringify(state);
  if (what === shown) return;
  shown = what;
  closeDialogs();
  if (isWizardShown && wizard !== null) slot.show(createWizard(wizard));
  else slot.show(state.phase === 'running' ? createShell() : createHostStateView(context, host, state));
}

/** On the first run, before there is any account, the wizard comes first. */
async function considerWizard(): Promise<void> {
  if (settings.isSetUpDone || wizard !== null) return;
  const overview = await bridge.call('admin:overview', {});
  if (!overview.ok || !overview.value.isSetUpNeeded || settings.isSetUpDone) return;
  wizard ??= { step: 0 };
  show();
}

function followSettings(next: DesktopSettings): void {
  const isOtherLanguage = next.language !== settings.language;
  settings = next;
  if (!isOtherLanguage) return;
  disposeContext();
  context = createContext(languageOf(settings));
  shown = '';
  show();
}

host.onState((next) => {
  state = next;
  if (next.phase === 'running') drop(considerWizard().then(show));
  else show();
});
host.onSettings(followSettings);
// what changed before anybody listened
followSettings(await host.settings());
state = await host.state();
if (state.phase === 'running') await considerWizard();
show();
