/** My own twelve digits, for the colleague who confirms my new key. */
import { h } from '../../ui/h.ts';
import { openDialog } from '../../ui/dialog.ts';
import { notice } from '../../ui/notice.ts';
import type { PageContext } from '../../page-context.ts';
import { createDigitsToRead } from './digits-view.ts';
import { waitingRooms } from './trust-state.ts';

export function openOwnDigits(context: PageContext): void {
  const { app, locale } = context;
  const count = waitingRooms(app.stores.rooms.get()).length;
  openDialog({
    title: locale.t(count > 0 ? 'trust.ownTitle' : 'trust.digits'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      h('p', { class: 'dialog__text' }, locale.t(count > 0 ? 'trust.ownText' : 'trust.ownReady')),
      createDigitsToRead({ context, isAtOnce: true, load: () => app.actions.trust.ownDigits() }),
      count > 0 && h('p', { class: 'panel__fact' }, locale.t('trust.ownRooms', { count })),
      notice('warn', locale.t('trust.ownNever')),
    ],
  });
}
