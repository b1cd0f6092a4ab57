import type { BackupFile } from '#contract/admin.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';

type DeletionInput = {
  context: AdminContext;
  backup: BackupFile;
  /** All there are, newest first. */
  backups: readonly BackupFile[];
  onDone: () => void;
};

/** Asks before a copy is deleted, and says what is left to go back to if it is the newest one. */
export function openBackupDeletion({ context, backup, backups, onDone }: DeletionInput): void {
  const { bridge, locale, toasts } = context;
  let mayBeNewest = backups[0]?.name === backup.name;
  openConfirm({
    locale,
    title: locale.say('backups.deleteTitle'),
    text: [
      locale.say('backups.deleteText', {
        date: locale.full(backup.at),
        size: locale.bytes(backup.sizeBytes),
      }),
      ...(mayBeNewest ? [newestText(locale, backups[1])] : []),
    ],
    confirmLabel: locale.say('backups.deleteConfirm'),
    isDanger: true,
    onConfirm: async () => {
      const result = resultOf(await bridge.call('admin:delete-backup', { name: backup.name, mayBeNewest }));
      // it has become the newest since the list was shown: the refusal says so, and a second press means it
      if (!result.ok && result.code === 'BACKUP_IS_NEWEST') mayBeNewest = true;
      return result;
    },
    onDone: () => {
      toasts.show({ text: locale.say('backups.deleted'), subject: 'backup', isShort: true });
      onDone();
    },
  });
}

const newestText = (locale: AdminLocale, next: BackupFile | undefined): string =>
  next === undefined
    ? locale.say('backups.deleteLast')
    : locale.say('backups.deleteNewest', { date: locale.full(next.at) });
