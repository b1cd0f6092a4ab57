/** What the banner, the tab and a message's menu do alike, with a word about how it went. */
import type { Message } from '#contract/messages.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import type { MenuItem } from '../../ui/menu.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PlainTextKey } from '../../locales/wording.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { openNoticeReaders } from './notice-readers-view.ts';
import { pinRights } from './pin-state.ts';

async function tell(
  { toasts, locale }: PageContext,
  asked: Promise<Result<unknown>>,
  done: PlainTextKey | null,
): Promise<void> {
  const result = await asked;
  if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
  else if (done !== null) toasts.show({ text: locale.t(done) });
}

export const acknowledge = (context: PageContext, message: Message): void =>
  drop(tell(context, context.app.actions.pins.acknowledge(message), null));

/** Acknowledgements are lost with it, so it is asked first. */
function askToLower(context: PageContext, message: Message, isUnpinned: boolean): void {
  const { app, locale } = context;
  openConfirm({
    locale,
    title: locale.t('notices.lowerTitle'),
    text: [locale.t('notices.lowerText')],
    confirmLabel: locale.t(isUnpinned ? 'pins.unpin' : 'notices.lower'),
    onConfirm: () =>
      isUnpinned ? app.actions.pins.pin(message, false) : app.actions.pins.raise(message, false),
  });
}

/** What I may do with a message as far as pinning goes; nothing for one that is recalled. */
export function pinMenu(context: PageContext, message: Message): MenuItem[] {
  const { app, locale } = context;
  const { pins } = app.actions;
  const room = app.stores.rooms.get().byUid.get(message.roomUid)?.room;
  if (room === undefined || message.envelope === null) return [];
  const { canPin, canRaise, canSeeReaders } = pinRights(
    room,
    message,
    meUidOf(app.stores.account.get()) ?? '',
  );
  const isNotice = message.pin?.notice !== undefined;
  const items: MenuItem[] = [];
  if (isNotice && canSeeReaders) {
    const onClick = (): void => openNoticeReaders(context, message);
    items.push({ label: locale.t('notices.readers'), icon: 'list-checks', onClick });
  }
  if (canRaise) {
    const raise = (): void => drop(tell(context, pins.raise(message, true), 'notices.raisedNow'));
    items.push({
      label: locale.t(isNotice ? 'notices.lower' : 'notices.raise'),
      icon: 'megaphone',
      onClick: () => (isNotice ? askToLower(context, message, false) : raise()),
    });
  }
  if (canPin) {
    const isPinned = message.pin !== undefined;
    const done = isPinned ? 'pins.unpinnedNow' : 'pins.pinnedNow';
    items.push({
      label: locale.t(isPinned ? 'pins.unpin' : 'pins.pin'),
      icon: isPinned ? 'pin-off' : 'pin',
      onClick: () =>
        isNotice
          ? askToLower(context, message, true)
          : drop(tell(context, pins.pin(message, !isPinned), done)),
    });
  }
  return items;
}
