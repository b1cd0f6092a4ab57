import { createRefresh } from '../static/features/admin/refresh.ts';
import { drop } from '../static/state/drop.ts';
import { button } from '../static/ui/button.ts';
import { h, replaceContent } from '../static/ui/h.ts';
import { notice } from '../static/ui/notice.ts';
import { runCommand } from './host-commands.ts';
import type { WizardStep, WizardStepDeps } from './wizard-view.ts';

/** The owner's account is made where keys are made: in the messenger itself, opened on this machine. */
export function createOwnerStep({ context, host, setComplete }: WizardStepDeps): WizardStep {
  const { bridge, locale, announce } = context;
  const status = h('div', { class: 'wizard__status' });
  const open = button({
    label: locale.say('wizard.ownerOpen'),
    icon: 'globe',
    kind: 'primary',
    size: 'wide',
    onClick: () => drop(openMessenger()),
  });
  let isWaiting = false;
  let isDone = false;

  const openMessenger = async (): Promise<void> => {
    if (!(await runCommand(context, host, 'open-messenger'))) return;
    isWaiting = true;
    paint();
  };
  const paint = (): void => {
    setComplete(isDone);
    open.hidden = isDone;
    if (isDone) replaceContent(status, notice('good', locale.say('wizard.ownerDone')));
    else if (isWaiting) {
      replaceContent(
        status,
        h('p', { class: 'wizard__waiting', role: 'status' }, locale.say('wizard.ownerWaiting')),
        h('div', { class: 'progress', 'aria-hidden': 'true' }, h('div', { class: 'progress__bar' })),
      );
    }
  };
  const look = async (): Promise<void> => {
    const overview = await bridge.call('admin:overview', {});
    if (!overview.ok || overview.value.isSetUpNeeded || isDone) return;
    isDone = true;
    announce(locale.say('wizard.ownerDone'));
    paint();
  };
  // the browser lies over this window meanwhile, so being hidden does not stop the looking
  const timer = setInterval(() => drop(look()), 1_500);
  const refresh = createRefresh(60_000, look);
  paint();
  return {
    title: locale.say('wizard.ownerTitle'),
    element: h('div', {}, h('p', { class: 'wizard__text' }, locale.say('wizard.ownerText')), open, status),
    leave: async () => true,
    dispose: () => {
      clearInterval(timer);
      refresh.dispose();
    },
  };
}
