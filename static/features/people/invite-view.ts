import type { Room } from '#contract/rooms.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { checkBox } from '../../ui/check-box.ts';
import { h, setText } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { isAdministrator } from '../rooms/room-state.ts';
import { createPeoplePicker } from './people-picker.ts';

/** Adds people to a group. The dialog closes at once; how it goes on is said in a line of its own. */
export function openInvite(context: PageContext, roomUid: string): void {
  const { app, locale } = context;
  const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
  const submit = button({ label: locale.t('invite.submit'), kind: 'primary', onClick: () => invite() });
  const label = submit.querySelector('span') ?? submit;

  const show = (): void => {
    const count = picker.chosen().length;
    submit.disabled = count === 0;
    setText(label, count === 0 ? locale.t('invite.submit') : locale.t('invite.submitCount', { count }));
  };
  const picker = createPeoplePicker({
    context,
    presentUids: new Set(room?.members.map((member) => member.userUid)),
    onChange: () => show(),
  });
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const history = historyPart(context, room, meUid);
  const invite = (): void => {
    const userUids = picker.chosen();
    if (userUids.length === 0) return;
    dialog.close();
    drop(followInvitation(context, roomUid, { userUids, history: history.chosen() }));
  };
  const dialog = openDialog({
    title: locale.t('invite.title'),
    closeLabel: locale.t('common.close'),
    body: [picker.element, history.element],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), submit],
    focus: picker.box,
    onClose: picker.dispose,
  });
  show();
}

/** `chosen`: null if it is to stay as it is. */
type HistoryPart = { readonly element: HTMLElement; chosen: () => boolean | null };

/** What the invited will be able to read: a tick for those who may change it, a sentence for the others. */
function historyPart({ locale }: PageContext, room: Room | undefined, meUid: string): HistoryPart {
  const present = room?.history ?? false;
  if (room === undefined || !isAdministrator(room, meUid)) {
    const text = locale.t(present ? 'details.historyOn' : 'details.historyOff');
    return { element: h('p', { class: 'field__hint' }, text), chosen: () => null };
  }
  let history = present;
  const hint = locale.t(present ? 'roomSettings.historyOnHint' : 'roomSettings.historyOffHint');
  const element = checkBox(locale.t('roomSettings.history'), hint, present, (isOn) => (history = isOn));
  return { element, chosen: () => (history === present ? null : history) };
}

/** Seconds pass, because invitations in quick succession share one new key: a line says so until it is done or failed. */
async function followInvitation(
  context: PageContext,
  roomUid: string,
  wish: { userUids: readonly string[]; history: boolean | null },
): Promise<void> {
  const { app, locale, toasts } = context;
  const { userUids, history } = wish;
  // One line for each invitation: two at a time may end differently.
  const subject = `invitation ${roomUid} ${userUids.join(' ')}`;
  toasts.show({ text: locale.t('invite.working', { count: userUids.length }), isLasting: true, subject });
  // first, in an epoch of its own: whoever comes with the next one reads from there on
  const opened =
    history === null ? succeed(undefined) : await app.actions.administration.setHistory(roomUid, history);
  const result = opened.ok ? await app.actions.rooms.invite(roomUid, userUids) : opened;
  if (result.ok) {
    toasts.show({ text: locale.t('invite.done'), subject });
    return;
  }
  const retry = (): void => drop(followInvitation(context, roomUid, wish));
  const action = { label: locale.t('common.retry'), onClick: retry };
  const text = locale.t('invite.failed', { reason: locale.failure(result) });
  toasts.show({ text, isProblem: true, subject, action });
}
