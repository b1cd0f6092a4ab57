/** What can be done with a message: the rows of its menu. A new one is an entry here. A later piece. */
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { copyText } from '../../ui/copy-text.ts';
import type { IconName } from '../../ui/icon.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { Locale } from '../../locales/locale.ts';
import { meUidOf } from '../account/account-state.ts';
import { mayPost } from '../rooms/room-state.ts';
import { openForward } from './forward-view.ts';
import { messageName } from './message-state.ts';
import type { MessageTarget } from './message-target.ts';
import { openReaders } from './readers-view.ts';
import { isReadingShown } from './reading-state.ts';
import { openVersions } from './versions-view.ts';

export type MessageCommand = {
  label: (target: MessageTarget) => string;
  icon: IconName;
  isDanger?: boolean;
  /** Seldom wanted: behind "more" where the menu has enough without it. */
  isRare?: boolean;
  isShown: (target: MessageTarget) => boolean;
  run: (target: MessageTarget) => void;
};

const isOpen = ({ entry }: MessageTarget): boolean => entry.content.state === 'open';
const isText = (target: MessageTarget): boolean => isOpen(target) && target.entry.message.kind === 'text';
const words = ({ context }: MessageTarget): Locale => context.locale;
const textOf = ({ entry: { content } }: MessageTarget): string =>
  content.state === 'open' ? content.text : '';

const report = async ({ context }: MessageTarget, asked: Promise<Result<unknown>>): Promise<boolean> => {
  const result = await asked;
  if (!result.ok) context.toasts.show({ text: context.locale.failure(result), isProblem: true });
  return result.ok;
};

const hourMs = 3_600_000;

/** Whether it can still be taken back, by the server's clock. */
export const isRecallable = (
  target: Pick<MessageTarget, 'isOwn' | 'entry'>,
  now: number,
  hours: number,
): boolean =>
  target.isOwn &&
  target.entry.content.state !== 'recalled' &&
  hours > 0 &&
  now <= target.entry.message.sentAt + hours * hourMs;

function recall(target: MessageTarget): void {
  const { context, entry } = target;
  const { app, locale } = context;
  openConfirm({
    locale,
    title: locale.t('message.recallTitle'),
    text: [locale.t('message.recallText')],
    confirmLabel: locale.t('message.recall'),
    isDanger: true,
    onConfirm: () => app.actions.editing.recall(entry.message),
  });
}

async function hide(target: MessageTarget): Promise<void> {
  const { context, entry } = target;
  const { app, locale, toasts } = context;
  if (!(await report(target, app.actions.editing.hide(entry.message, true)))) return;
  const undo = (): void => drop(report(target, app.actions.editing.hide(entry.message, false)));
  toasts.show({
    text: locale.t('message.hidden'),
    action: { label: locale.t('common.undo'), onClick: undo },
  });
}

async function copy(target: MessageTarget): Promise<void> {
  const { locale, toasts } = target.context;
  const isCopied = await copyText(textOf(target));
  toasts.show({ text: locale.t(isCopied ? 'common.copied' : 'common.copyFailed'), isProblem: !isCopied });
}

const isSaved = ({ context, entry }: MessageTarget): boolean =>
  context.app.stores.my.get().saved.has(messageName(entry.message));

async function toggleSaved(target: MessageTarget): Promise<void> {
  const { locale, toasts, app } = target.context;
  const isOn = !isSaved(target);
  if (!(await report(target, app.actions.editing.save(target.entry.message, isOn)))) return;
  toasts.show({ text: locale.t(isOn ? 'message.savedNow' : 'message.unsavedNow') });
}

/** In an announcement room only its owner and admins have a box to write in. */
function mayWrite({ context: { app }, entry }: MessageTarget): boolean {
  const room = app.stores.rooms.get().byUid.get(entry.message.roomUid)?.room;
  return room !== undefined && mayPost(room, meUidOf(app.stores.account.get()) ?? '');
}

/** Somebody else is there, and the policy lets me see how far they have read. */
function hasReaders({ context: { app }, roomUid, isOwn }: MessageTarget): boolean {
  const members = app.stores.rooms.get().byUid.get(roomUid)?.room.members.length ?? 0;
  return members > 1 && isReadingShown(app.stores.policies.get().readReceipts, isOwn);
}

async function markUnread(target: MessageTarget): Promise<void> {
  const { context, roomUid, entry } = target;
  const { app, locale, toasts } = context;
  if (!(await report(target, app.actions.my.change(roomUid, { unreadFrom: entry.message.seq })))) return;
  toasts.show({ text: locale.t('message.unreadNow') });
}

export const messageCommands: readonly MessageCommand[] = [
  {
    label: (target) => words(target).t('message.reply'),
    icon: 'reply',
    isShown: (target) => isOpen(target) && mayWrite(target),
    run: (target) => target.composer.reply(target.entry),
  },
  {
    label: (target) => words(target).t('message.edit'),
    icon: 'pencil',
    isShown: (target) => target.isOwn && isText(target) && mayWrite(target),
    run: (target) => target.composer.edit(target.entry),
  },
  {
    label: (target) => words(target).t('message.copy'),
    icon: 'copy',
    isShown: isOpen,
    run: (target) => drop(copy(target)),
  },
  {
    label: (target) => words(target).t('message.forward'),
    icon: 'forward',
    isShown: isText,
    run: (target) => openForward(target.context, textOf(target)),
  },
  {
    label: (target) => words(target).t(isSaved(target) ? 'message.unsave' : 'message.save'),
    icon: 'bookmark',
    isShown: (target) => isOpen(target) || isSaved(target),
    run: (target) => drop(toggleSaved(target)),
  },
  {
    label: (target) => words(target).t('readers.title'),
    icon: 'users',
    isRare: true,
    isShown: hasReaders,
    run: ({ context, roomUid, entry }) => openReaders(context, roomUid, messageName(entry.message)),
  },
  {
    label: (target) => words(target).t('message.unreadFrom'),
    icon: 'mail',
    isRare: true,
    isShown: () => true,
    run: (target) => drop(markUnread(target)),
  },
  {
    label: (target) => words(target).t('message.versions'),
    icon: 'history',
    isRare: true,
    isShown: ({ entry }) => entry.message.editedAt !== undefined,
    run: ({ context, entry }) => openVersions(context, entry),
  },
  {
    label: (target) => words(target).t('message.recall'),
    icon: 'undo-2',
    isDanger: true,
    isShown: (target) => {
      const { app } = target.context;
      return isRecallable(target, app.clock.now(), app.stores.policies.get().recallHours);
    },
    run: recall,
  },
  {
    label: (target) => words(target).t('message.hide'),
    icon: 'eye-off',
    isDanger: true,
    isRare: true,
    isShown: () => true,
    run: (target) => drop(hide(target)),
  },
];
