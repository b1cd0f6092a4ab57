import type { HostAction, HostControls, HostState } from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';
import { drop } from '../static/state/drop.ts';
import { button } from '../static/ui/button.ts';
import { h } from '../static/ui/h.ts';
import type { Child } from '../static/ui/h.ts';
import { mark } from '../static/ui/mark.ts';
import type { View } from '../static/ui/view.ts';
import { runCommand } from './host-commands.ts';

/** While the server is not running: what is going on, and what can be done about it. */
export function createHostStateView(context: AdminContext, host: HostControls, state: HostState): View {
  const element = h(
    'main',
    { class: 'host-state' },
    h('div', { class: 'host-state__card' }, mark('l'), ...content(context, host, state)),
  );
  // what had the focus is gone with the view before; this one is in the page once its maker has returned
  queueMicrotask(() => element.querySelector('h1')?.focus());
  return { element, dispose: () => undefined };
}

const titleOf = ({ locale }: AdminContext, phase: Exclude<HostState['phase'], 'problem'>): string =>
  locale.say(`desktop.${phase}`);

function content(context: AdminContext, host: HostControls, state: HostState): Child[] {
  const { locale } = context;
  const title = (text: string): HTMLElement => h('h1', { class: 'host-state__title', tabindex: -1 }, text);
  const busy = (text: string): Child[] => [
    title(text),
    h('div', { class: 'progress', 'aria-hidden': 'true' }, h('div', { class: 'progress__bar' })),
  ];
  const folders = folderButtons(context, host);
  switch (state.phase) {
    case 'starting':
    case 'stopping':
      return busy(titleOf(context, state.phase));
    case 'running':
      return [title(titleOf(context, state.phase))];
    case 'stopped':
      return [title(titleOf(context, state.phase)), buttons([startButton(context, host)]), folders];
    case 'problem':
      return [
        title(locale.say('desktop.problem')),
        h('p', { class: 'host-state__sentence', role: 'alert' }, state.sentence),
        h('p', { class: 'host-state__advice' }, state.advice),
        buttons(state.actions.map((action, index) => actionButton(context, host, action, index === 0))),
        h('p', { class: 'host-state__code' }, state.code),
        folders,
      ];
    default:
      return assertNever(state);
  }
}

const buttons = (list: HTMLElement[]): HTMLElement => h('div', { class: 'host-state__actions' }, ...list);

const startButton = (context: AdminContext, host: HostControls): HTMLElement =>
  button({
    label: context.locale.say('desktop.start'),
    kind: 'primary',
    onClick: () => drop(runCommand(context, host, 'start')),
  });

/** Some take their time: a backup is read in full before it takes the database's place. */
function actionButton(
  context: AdminContext,
  host: HostControls,
  { id, label }: HostAction,
  isFirst: boolean,
): HTMLElement {
  const run = async (): Promise<void> => {
    if (element.getAttribute('aria-busy') === 'true') return;
    element.setAttribute('aria-busy', 'true');
    await runCommand(context, host, id);
    element.removeAttribute('aria-busy');
  };
  const element = button({ label, ...(isFirst ? { kind: 'primary' } : {}), onClick: () => drop(run()) });
  return element;
}

const folderButtons = (context: AdminContext, host: HostControls): HTMLElement =>
  h(
    'div',
    { class: 'host-state__folders' },
    button({
      label: context.locale.say('desktop.openLogs'),
      kind: 'link',
      onClick: () => drop(runCommand(context, host, 'open-logs-folder')),
    }),
    button({
      label: context.locale.say('desktop.quit'),
      kind: 'link',
      onClick: () => drop(runCommand(context, host, 'quit')),
    }),
  );

function assertNever(value: never): never {
  throw new TypeError(`unknown state: ${JSON.stringify(value)}`);
}
