import type { AdminOutput } from '#contract/admin.ts';
import { button } from '../../ui/button.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { h, replaceContent, setText } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { askOrTell } from './admin-context.ts';
import { openBackupDeletion } from './backup-deletion.ts';
import { openRestore } from './backup-restore.ts';
import { createBackupTable } from './backup-table.ts';
import { folderButton } from './folder-button.ts';
import { pageHead } from './page-head.ts';
import { createRefresh } from './refresh.ts';

/** Making a copy now, the copies there are, going back to one of them, and deleting those that nobody needs. */
export function createBackupsView(context: AdminContext): View {
  const { bridge, locale, toasts } = context;
  const folder = h('p', { class: 'backups__path' });
  const body = h('div', {});
  const ownerOnly = h('p', { class: 'card__text', hidden: true }, locale.say('backups.ownerOnly'));
  const make = button({
    label: locale.say('backups.make'),
    icon: 'archive',
    kind: 'primary',
    onClick: () => drop(makeBackup()),
  });
  const progress = h(
    'div',
    { class: 'backups__progress', role: 'status', hidden: true },
    h('span', {}, locale.say('backups.making')),
    h('div', { class: 'progress', 'aria-hidden': 'true' }, h('div', { class: 'progress__bar' })),
  );
  const table = createBackupTable({
    locale,
    onRestore: (backup) => openRestore(context, backup),
    onDelete: (backup, backups) =>
      openBackupDeletion({ context, backup, backups, onDone: () => refresh.now() }),
  });
  let shown = '';

  const makeBackup = async (): Promise<void> => {
    make.disabled = true;
    progress.hidden = false;
    const made = await askOrTell(context, bridge.call('admin:backup', {}));
    make.disabled = false;
    progress.hidden = true;
    if (made === null) return;
    toasts.show({ text: locale.say('backups.made'), subject: 'backup', isShort: true });
    refresh.now();
  };
  const show = ({ backups, folder: path, canRestore }: AdminOutput<'admin:backups'>): void => {
    setText(folder, locale.say('backups.folder', { folder: path }));
    ownerOnly.hidden = canRestore || backups.length === 0;
    const state = JSON.stringify([backups, canRestore]);
    if (state === shown) return;
    shown = state;
    const focused = table.focusedRow();
    table.show(backups, canRestore);
    replaceContent(body, backups.length === 0 ? none() : table.element);
    // the row under the keyboard may be the one that is gone
    if (focused !== null && !table.focusRow(focused)) make.focus();
  };
  const showRefusal = (sentence: string): void => {
    if (sentence === shown) return;
    shown = sentence;
    ownerOnly.hidden = true;
    replaceContent(body, notice('bad', sentence));
  };
  const none = (): HTMLElement =>
    emptyState({ icon: 'archive', title: locale.say('backups.none'), text: locale.say('backups.noneText') });
  const refresh = createRefresh(10_000, async () => {
    const answer = await bridge.call('admin:backups', {});
    if (answer.ok) return show(answer.value);
    // other refusals pass by themselves; this one waits for a person
    return answer.code === 'BACKUP_FOLDER_UNUSABLE' ? showRefusal(locale.failure(answer)) : undefined;
  });
  const element = h(
    'div',
    { class: 'backups' },
    pageHead(locale.say('admin.backups'), [locale.say('backups.lead')], [make]),
    progress,
    h('div', { class: 'backups__notice' }, notice('plain', locale.say('backups.secret'))),
    ownerOnly,
    body,
    h(
      'div',
      { class: 'backups__folder card__text' },
      folder,
      folderButton(context, 'open-backups-folder', locale.say('desktop.openBackups')),
    ),
  );
  return { element, dispose: refresh.dispose };
}
