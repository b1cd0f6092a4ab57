import type { Room } from '#contract/rooms.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import type { PageContext } from '../../page-context.ts';

export function openLeave({ app, locale }: PageContext, room: Room, isOwner: boolean): void {
  const isLast = room.members.length === 1;
  openConfirm({
    locale,
    title: locale.t('details.leaveTitle'),
    text: [
      locale.t(isLast ? 'details.leaveLast' : 'details.leaveText'),
      ...(isOwner && !isLast ? [locale.t('details.leaveOwner')] : []),
    ],
    confirmLabel: locale.t('details.leave'),
    isDanger: true,
    onConfirm: () => app.actions.rooms.leave(room.roomUid),
  });
}

export function openKick(
  { app, locale, toasts }: PageContext,
  roomUid: string,
  userUid: string,
  name: string,
): void {
  openConfirm({
    locale,
    title: locale.t('details.kickTitle', { name }),
    text: [locale.t('details.kickText', { name })],
    confirmLabel: locale.t('details.kick'),
    isDanger: true,
    onConfirm: () => app.actions.rooms.kick(roomUid, userUid),
    onDone: () => toasts.show({ text: locale.t('details.kicked', { name }) }),
  });
}

export function openHandOver(
  { app, locale, toasts }: PageContext,
  roomUid: string,
  userUid: string,
  name: string,
): void {
  openConfirm({
    locale,
    title: locale.t('details.handOverTitle', { name }),
    text: [locale.t('details.handOverText', { name })],
    confirmLabel: locale.t('details.handOverConfirm'),
    onConfirm: () => app.actions.administration.handOver(roomUid, userUid),
    onDone: () => toasts.show({ text: locale.t('details.handedOver', { name }) }),
  });
}
