import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import type { Dialog } from '../../ui/dialog.ts';
import { createTabs } from '../../ui/tabs.ts';
import type { Tab } from '../../ui/tabs.ts';
import { openSignOut } from './sign-out-view.ts';
import type { PageContext } from '../../page-context.ts';
import { createProfileForm } from './profile-form.ts';
import { createDisplayPanel } from './display-panel.ts';
import { createDevicesPanel } from './devices-panel.ts';
import { createSecurityPanel } from './security-panel.ts';
import type { SecurityDialogs } from './security-panel.ts';
import { createCapabilityPanel } from './capability-panel.ts';

export type ProfileTab = 'profile' | 'view' | 'devices' | 'security' | 'here';

/** Everything about oneself in one dialog; at the tab that was open if the page was drawn anew meanwhile. */
export function openProfile(context: PageContext, on: SecurityDialogs): void {
  const { locale, settings } = context;
  const reopenedTab = settings.tab;
  const panels: (Tab & { id: ProfileTab })[] = [
    { id: 'profile', label: locale.t('profile.tabProfile'), create: () => createProfileForm(context) },
    { id: 'view', label: locale.t('profile.tabView'), create: () => createDisplayPanel(context) },
    { id: 'devices', label: locale.t('profile.tabDevices'), create: () => createDevicesPanel(context) },
    {
      id: 'security',
      label: locale.t('profile.tabSecurity'),
      create: () =>
        createSecurityPanel(context, {
          makeSheet: () => instead(on.makeSheet),
          changePassword: () => instead(on.changePassword),
          oldSheet: () => instead(on.oldSheet),
        }),
    },
    { id: 'here', label: locale.t('profile.tabHere'), create: () => createCapabilityPanel(context) },
  ];
  const instead = (open: () => void): void => {
    dialog.close();
    open();
  };
  const tabs = createTabs({
    label: locale.t('profile.title'),
    tabs: panels,
    startsWith: reopenedTab,
    onShow: (id) => (settings.tab = id),
  });
  const signOut = button({
    label: locale.t('profile.signOut'),
    icon: 'log-out',
    onClick: () => {
      dialog.close();
      openSignOut(context);
    },
  });
  const dialog = openDialog({
    title: locale.t('profile.title'),
    closeLabel: locale.t('common.close'),
    size: 'wide',
    body: [tabs.element],
    // Not the main button: what was typed is kept by the form's own.
    foot: [signOut, button({ label: locale.t('common.close'), onClick: () => dialog.close() })],
    onClose: () => {
      settings.tab = null;
      tabs.dispose();
    },
  });
  // The language that was just chosen, if that is why it opened again.
  const chosen = reopenedTab === null ? null : firstOf(dialog, '[role="tabpanel"] [aria-checked="true"]');
  (chosen ?? firstOf(dialog, '[role="tab"][aria-selected="true"]'))?.focus();
}

const firstOf = ({ element }: Dialog, selector: string): HTMLElement | null =>
  element.querySelector(selector);
