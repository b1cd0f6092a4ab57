import { drop } from '../static/state/drop.ts';
import { createField } from '../static/ui/field.ts';
import { h } from '../static/ui/h.ts';
import type { WizardStep, WizardStepDeps } from './wizard-view.ts';

/** How often, and how long, a server that starts again is looked for. */
const lookMs = 500;
const patienceMs = 20_000;

/** The number at the end of the address; a change takes effect before the next step shows the address. */
export function createPortStep({ context, setComplete, onEnter }: WizardStepDeps): WizardStep {
  const { bridge, locale } = context;
  const field = createField({
    label: locale.say('setting.port'),
    name: 'port',
    hint: locale.say('wizard.portRestart'),
    maxLength: 5,
  });
  field.input.inputMode = 'numeric';
  let present: number | null = null;
  let isFixed = false;

  const load = async (): Promise<void> => {
    const [overview, settings] = await Promise.all([
      bridge.call('admin:overview', {}),
      bridge.call('admin:settings', {}),
    ]);
    if (!overview.ok || !settings.ok) return;
    present = overview.value.port;
    field.input.value = String(present);
    const port = settings.value.settings.find(({ key }) => key === 'port');
    isFixed = port?.isOverridden === true;
    field.input.readOnly = isFixed;
    if (port === undefined || !isFixed) return;
    const key = port.source === 'environment' ? 'settings.byEnvironment' : 'settings.byArgument';
    field.setHint(locale.say(key, { name: port.sourceName }));
  };
  const listensOn = async (port: number): Promise<boolean> => {
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      const overview = await bridge.call('admin:overview', {});
      if (overview.ok && overview.value.port === port) return true;
    }
    return false;
  };
  const leave = async (): Promise<boolean> => {
    const text = field.input.value.trim();
    if (present === null || isFixed || text === String(present)) return true;
    const port = /^\d{1,5}$/.test(text) ? Number(text) : text;
    const changed = await bridge.call('admin:change-settings', { changes: { port } });
    if (!changed.ok) {
      field.setHint(
        changed.code === 'INVALID_INPUT' ? locale.say('wizard.portWrong') : locale.failure(changed),
        'bad',
      );
      field.input.focus();
      return false;
    }
    field.setHint(locale.say('admin.restarting'));
    const restarted = await bridge.call('admin:restart', {});
    if (!restarted.ok) {
      field.setHint(locale.failure(restarted), 'bad');
      return false;
    }
    const isThere = await listensOn(Number(port));
    if (!isThere) field.setHint(locale.say('admin.noServer'), 'bad');
    return isThere;
  };
  field.input.addEventListener('keydown', (event) => {
    // inside an input method the same key ends the syllable
    if (event.key === 'Enter' && !event.isComposing) onEnter();
  });
  drop(load());
  setComplete(true);
  return {
    title: locale.say('wizard.portTitle'),
    element: h('div', {}, h('p', { class: 'wizard__text' }, locale.say('wizard.portText')), field.element),
    leave,
    dispose: () => undefined,
  };
}
