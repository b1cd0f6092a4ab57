import type { BackupFile } from '#contract/admin.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import { button, iconButton } from '../../ui/button.ts';
import { h, replaceContent } from '../../ui/h.ts';

type TableDeps = {
  locale: AdminLocale;
  onRestore: (backup: BackupFile) => void;
  /** With all that are shown, newest first: what is left matters to whoever decides. */
  onDelete: (backup: BackupFile, backups: readonly BackupFile[]) => void;
};

export type BackupTable = {
  readonly element: HTMLElement;
  /** Without `canRestore` nothing is offered that would be refused. */
  show: (backups: readonly BackupFile[], canRestore: boolean) => void;
  /** Which row has the keyboard's focus; null for none. */
  focusedRow: () => number | null;
  /** Puts the focus on this row, or the last one; false without any. */
  focusRow: (row: number) => boolean;
};

const kinds = { backup: 'backups.kindBackup', migration: 'backups.kindMigration' } as const;

/** The copies there are, newest first, each with what can be done with it. */
export function createBackupTable({ locale, onRestore, onDelete }: TableDeps): BackupTable {
  const rows = h('tbody', {});
  const element = h(
    'div',
    { class: 'table-box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('admin.backups') },
    h('table', { class: 'table backups__table' }, h('thead', {}, headRow(locale)), rows),
  );

  function restoreButton(backup: BackupFile): HTMLElement {
    const restore = button({
      label: locale.say('backups.restore'),
      icon: 'rotate-cw',
      size: 'small',
      onClick: () => onRestore(backup),
    });
    restore.setAttribute('aria-label', locale.say('backups.restoreOf', { name: backup.name }));
    return restore;
  }
  function actions(backup: BackupFile, backups: readonly BackupFile[], canRestore: boolean): HTMLElement {
    const remove = iconButton({
      icon: 'trash-2',
      label: locale.say('backups.deleteOf', { name: backup.name }),
      onClick: () => onDelete(backup, backups),
      class: 'backups__delete',
    });
    return h('div', { class: 'backups__actions' }, canRestore ? restoreButton(backup) : null, remove);
  }
  function row(backup: BackupFile, backups: readonly BackupFile[], canRestore: boolean): HTMLElement {
    const kind = locale.say(kinds[backup.kind]);
    const size = locale.bytes(backup.sizeBytes);
    return h(
      'tr',
      {},
      h(
        'th',
        { scope: 'row' },
        locale.full(backup.at),
        h('span', { class: 'backups__name' }, backup.name),
        // on a phone the two columns are not there
        h('span', { class: 'backups__brief' }, `${kind} · ${size}`),
      ),
      h('td', { class: 'backups__wide' }, kind),
      h('td', { class: 'table__number backups__wide' }, size),
      h('td', { class: 'table__action' }, actions(backup, backups, canRestore)),
    );
  }
  const rowElements = (): Element[] => [...rows.children];
  return {
    element,
    show: (backups, canRestore) =>
      replaceContent(rows, ...backups.map((backup) => row(backup, backups, canRestore))),
    focusedRow() {
      const at = rowElements().findIndex((each) => each.contains(document.activeElement));
      return at < 0 ? null : at;
    },
    focusRow(at) {
      const all = rowElements();
      const first = all[Math.min(at, all.length - 1)]?.querySelector('button') ?? null;
      first?.focus();
      return first !== null;
    },
  };
}

const headRow = (locale: AdminLocale): HTMLElement =>
  h(
    'tr',
    {},
    h('th', { scope: 'col' }, locale.say('backups.at')),
    h('th', { scope: 'col', class: 'backups__wide' }, locale.say('backups.kind')),
    h('th', { scope: 'col', class: 'table__number backups__wide' }, locale.say('backups.size')),
    h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, locale.say('backups.actions'))),
  );
