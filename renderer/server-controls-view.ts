import type { HostControls } from '../static/features/admin/admin-bridge.ts';
import type { AdminContext } from '../static/features/admin/admin-context.ts';
import { openRestart } from '../static/features/admin/restart.ts';
import { fail, succeed } from '../static/state/failure.ts';
import { button } from '../static/ui/button.ts';
import { openConfirm } from '../static/ui/confirm-dialog.ts';
import { h } from '../static/ui/h.ts';
import type { View } from '../static/ui/view.ts';
import { runCommand } from './host-commands.ts';

/** Stopping and restarting, below the navigation; both ask first, because people are at work. */
export function createServerControlsView(context: AdminContext, host: HostControls): View {
  const { locale } = context;
  const stop = (): void =>
    openConfirm({
      locale,
      title: locale.say('desktop.stopTitle'),
      text: [locale.say('desktop.stopText')],
      confirmLabel: locale.say('desktop.stop'),
      isDanger: true,
      onConfirm: async () =>
        (await runCommand(context, host, 'stop')) ? succeed(undefined) : fail('CANCELLED'),
    });
  const element = h(
    'div',
    { class: 'server-controls' },
    h(
      'p',
      { class: 'server-controls__state' },
      h('span', { class: 'server-controls__dot' }),
      locale.say('desktop.running'),
    ),
    h(
      'div',
      { class: 'server-controls__buttons' },
      button({ label: locale.say('desktop.restart'), size: 'small', onClick: () => openRestart(context) }),
      button({ label: locale.say('desktop.stop'), size: 'small', onClick: stop }),
    ),
  );
  return { element, dispose: () => undefined };
}
