/** Why one message cannot be read, and what helps. */
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { drop } from '../../state/drop.ts';
import type { OpenFailure } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { openOwnDigits } from './own-digits-view.ts';
import { openRoomSecurity } from './room-security-view.ts';
import { rowAdviceFor } from './room-reasons.ts';
import { nameOf } from './trust-words.ts';

export type UnreadableRow = { roomUid: string; senderUid: string; sentAt: number; reason: OpenFailure };

export function openRowHelp(context: PageContext, row: UnreadableRow): void {
  const { app, locale } = context;
  const { why, todo, deed } = rowAdviceFor(row.reason);
  const verdict = app.stores.rooms.get().byUid.get(row.roomUid)?.keys.verdict ?? null;
  // My identity is newer than the room: no key comes before a colleague has confirmed it.
  const isMine = row.reason === 'NO_KEY' && verdict?.reason === 'OWN_VERSION_OLD';
  const outcome = h('div', { class: 'row-help__outcome', role: 'status' });
  const ask = async (): Promise<void> => {
    if (first !== null) first.disabled = true;
    const result = await app.actions.administration.refreshKeys(row.roomUid);
    if (first !== null) first.disabled = false;
    const words = result.ok ? locale.t('trust.row.asked') : locale.failure(result);
    replaceContent(outcome, h('p', { class: 'dialog__text' }, words));
  };
  const firstButton = (): HTMLButtonElement | null => {
    if (isMine) {
      const open = (): void => {
        dialog.close();
        openOwnDigits(context);
      };
      return button({ label: locale.t('trust.ownAction'), kind: 'primary', onClick: open });
    }
    if (deed === 'ask')
      return button({ label: locale.t('trust.row.ask'), kind: 'primary', onClick: () => drop(ask()) });
    if (deed === 'reload')
      return button({
        label: locale.t('trust.row.reload'),
        kind: 'primary',
        onClick: () => location.reload(),
      });
    return null;
  };
  const first = firstButton();
  const security = button({
    label: locale.t('trust.room'),
    kind: deed === 'security' ? 'primary' : 'plain',
    onClick: () => {
      dialog.close();
      openRoomSecurity(context, row.roomUid);
    },
  });
  const by = locale.t('trust.row.by', {
    name: nameOf(context, row.senderUid),
    date: locale.full(row.sentAt),
  });
  const dialog = openDialog({
    title: locale.t('trust.row.title'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      h('p', { class: 'panel__fact row-help__by' }, by),
      h('p', { class: 'dialog__text' }, locale.t(why)),
      h('p', { class: 'dialog__text' }, locale.t(isMine ? 'trust.row.noKeyOwn' : todo)),
      row.reason === 'NO_KEY' && !isMine && h('p', { class: 'panel__fact' }, locale.t('trust.row.beforeMe')),
      outcome,
    ],
    foot: first === null ? [security] : [security, first],
    focus: first ?? security,
  });
}
