import { button } from '../../ui/button.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { h } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';

/** Asks, with the consequences said, and has the server start again. */
export function openRestart({ bridge, locale, toasts }: AdminContext): void {
  openConfirm({
    locale,
    title: locale.say('admin.restartTitle'),
    text: [locale.say('admin.restartText')],
    confirmLabel: locale.say('admin.restart'),
    onConfirm: async () => resultOf(await bridge.call('admin:restart', {})),
    onDone: () => toasts.show({ text: locale.say('admin.restarting'), subject: 'restart' }),
  });
}

/** "Changed settings count after a restart", with the button for it. */
export function createRestartNotice(context: AdminContext): {
  readonly element: HTMLElement;
  show: (isNeeded: boolean) => void;
} {
  const { locale } = context;
  const element = h(
    'div',
    { class: 'restart-notice', hidden: true },
    notice(
      'warn',
      h('span', { class: 'restart-notice__text' }, locale.say('admin.restartNeeded')),
      button({ label: locale.say('admin.restart'), size: 'small', onClick: () => openRestart(context) }),
    ),
  );
  return { element, show: (isNeeded) => void (element.hidden = !isNeeded) };
}
