/** The steps of the wizard that only choose, and the last one, which shows the address. */
import { createSignUpChoice } from '../static/features/admin/sign-up-choice.ts';
import { drop } from '../static/state/drop.ts';
import { button } from '../static/ui/button.ts';
import { h, replaceContent } from '../static/ui/h.ts';
import { notice } from '../static/ui/notice.ts';
import { qrCode } from '../static/ui/qr-code.ts';
import { runCommand } from './host-commands.ts';
import { createSwitch } from './switch.ts';
import type { WizardStep, WizardStepDeps } from './wizard-view.ts';

export function createSignUpStep({ context, setComplete }: WizardStepDeps): WizardStep {
  const { bridge, locale } = context;
  const choice = createSignUpChoice(context);
  const load = async (): Promise<void> => {
    const overview = await bridge.call('admin:overview', {});
    if (overview.ok) choice.show(overview.value.signUp);
  };
  drop(load());
  setComplete(true);
  return {
    title: locale.say('wizard.signUpTitle'),
    element: h('div', {}, h('p', { class: 'wizard__text' }, locale.say('wizard.signUpText')), choice.element),
    leave: async () => true,
    dispose: () => undefined,
  };
}

/** A messenger that is off when its computer is off: whether it starts by itself, and stays awake. */
export function createComputerStep({ context, host, setComplete }: WizardStepDeps): WizardStep {
  const { locale } = context;
  const body = h('div', {});
  const load = async (): Promise<void> => {
    const [settings, abilities] = await Promise.all([host.settings(), host.abilities()]);
    const flag = (name: 'startAtLogin' | 'keepAwake', hint?: string): HTMLElement =>
      createSwitch({
        id: `wizard-${name}`,
        label: locale.say(`desktop.${name}`),
        hint: abilities[name] ? hint : locale.say('desktop.notHere'),
        isOn: settings[name] && abilities[name],
        isDisabled: !abilities[name],
        onChange: async (isOn) => (await host.changeSettings({ [name]: isOn }))[name],
      });
    replaceContent(body, flag('startAtLogin'), flag('keepAwake', locale.say('desktop.keepAwakeText')));
  };
  drop(load());
  setComplete(true);
  return {
    title: locale.say('wizard.hostTitle'),
    element: h('div', {}, h('p', { class: 'wizard__text' }, locale.say('wizard.hostText')), body),
    leave: async () => true,
    dispose: () => undefined,
  };
}

export function createDoneStep({ context, host, setComplete }: WizardStepDeps): WizardStep {
  const { bridge, locale } = context;
  const place = h('div', { class: 'wizard__place' });
  const load = async (): Promise<void> => {
    const overview = await bridge.call('admin:overview', {});
    if (!overview.ok) return;
    const { bestUrl } = overview.value;
    replaceContent(
      place,
      ...(bestUrl === null
        ? [notice('warn', locale.say('overview.noNetwork'))]
        : [
            h('div', { class: 'place__qr' }, qrCode(bestUrl, locale.say('overview.qr', { url: bestUrl }))),
            h('p', { class: 'place__url' }, bestUrl),
            button({
              label: locale.say('overview.copy'),
              icon: 'copy',
              onClick: () => drop(copyAddress()),
            }),
          ]),
    );
  };
  const copyAddress = async (): Promise<void> => {
    if (await runCommand(context, host, 'copy-address')) {
      context.toasts.show({ text: locale.t('common.copied'), subject: 'copy' });
    }
  };
  drop(load());
  setComplete(true);
  return {
    title: locale.say('wizard.doneTitle'),
    element: h('div', {}, h('p', { class: 'wizard__text' }, locale.say('wizard.doneText')), place),
    leave: async () => true,
    dispose: () => undefined,
  };
}
