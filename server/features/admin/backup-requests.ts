/** Backups while the server runs, and restoring one. */
import path from 'node:path';
import { AppError } from '../../app-error.ts';
import type { RestoreMark } from '../../database/restore.ts';
import type { BackupFacts } from '../../database/backup-file.ts';
import type { Log } from '../../logger.ts';
import { actorUid } from './admin-access.ts';
import type { AdminActor, AdminHandlers } from './admin-access.ts';
import { announceRestart } from './admin-requests.ts';
import type { AdminAudit, AdminDeps } from './admin-requests.ts';
import { backupFolder, backupName, listBackups, removeBackup, removeLeftovers } from './backup-folder.ts';
import { createBackupTurn } from './backup-turn.ts';

export type BackupDeps = Pick<
  AdminDeps,
  'database' | 'dataDir' | 'version' | 'host' | 'settings' | 'tellAdmins'
> & {
  copies: {
    backupTo: (path: string, facts: BackupFacts) => Promise<void>;
    stageRestore: (source: string, mark: RestoreMark) => Promise<void>;
    dropStagedRestore: () => void;
  };
  /** The server's own. */
  secret: Uint8Array;
  log: Log;
  /** Checks a person's password; throws WRONG_PASSWORD or LOCKED_OUT. */
  confirmPassword: (person: { userId: number; address: string; authKey: string }) => Promise<void>;
};

type Own = Pick<AdminHandlers, 'admin:backup' | 'admin:backups' | 'admin:delete-backup' | 'admin:restore'>;

export function createBackupRequests(deps: BackupDeps, audit: AdminAudit): Own {
  const { dataDir, copies, host, log } = deps;
  const turn = createBackupTurn(log);

  const find = (name: string) => {
    const backup = listBackups(dataDir).find((file) => file.name === name);
    if (backup === undefined) throw new AppError('NOT_FOUND');
    return backup;
  };

  async function confirm(actor: AdminActor, authKey: string | undefined): Promise<void> {
    if (actor.kind === 'host') return;
    refuseRestore(actor);
    if (authKey === undefined) throw new AppError('WRONG_PASSWORD', { field: 'authKey' });
    await deps.confirmPassword({ userId: actor.userId, address: actor.address, authKey });
  }

  return {
    'admin:backups': ({ actor }) => ({
      backups: listBackups(dataDir),
      folder: backupFolder(dataDir),
      canRestore: canRestore(actor),
    }),

    'admin:backup': (context) =>
      turn.take(async () => {
        const name = backupName(context.now);
        listBackups(dataDir); // makes the folder
        removeLeftovers(dataDir, context.now);
        const facts = { madeAt: context.now, appVersion: deps.version, secret: deps.secret };
        await copies.backupTo(path.join(backupFolder(dataDir), name), facts);
        const backup = find(name);
        await audit(context, 'backup-made', { bytes: String(backup.sizeBytes) });
        log.info('backup made', { sizeBytes: backup.sizeBytes });
        return { backup };
      }),

    'admin:delete-backup': (context, { name, mayBeNewest = false }) =>
      turn.take(async () => {
        find(name);
        // what a page showed may be old: others were deleted since, and this one is all that is left
        if (!mayBeNewest && listBackups(dataDir)[0]?.name === name) throw new AppError('BACKUP_IS_NEWEST');
        await removeBackup(dataDir, name);
        // afterwards: on a full disk it is the deleting that makes room for the entry
        await audit(context, 'backup-deleted', { backup: name });
        log.info('backup deleted', { by: actorUid(context.actor) });
        return {};
      }),

    async 'admin:restore'(context, { name, authKey }) {
      await confirm(context.actor, authKey);
      const { restart } = host;
      if (restart === null) throw new AppError('RESTART_NOT_POSSIBLE');
      const backup = find(name);
      return turn.take(async () => {
        const mark = { backup: name, at: context.now, by: actorUid(context.actor) };
        // with settings that cannot be read the server would not start again
        deps.settings.nextPort();
        await copies.stageRestore(path.join(backupFolder(dataDir), name), mark);
        try {
          await audit(context, 'restore-staged', {}, async (_unit, actor) => refuseRestore(actor));
          await announceRestart(deps);
        } catch (error) {
          // who is told that it did not work must not find it done after some later start
          copies.dropStagedRestore();
          throw error;
        }
        turn.end();
        log.warn('a backup takes the place of the database', { by: mark.by });
        restart();
        return { backup };
      });
    },
  };
}

/** A restore undoes what everybody did since, the roles of the administrators included: it is for the owner alone. */
const canRestore = (actor: AdminActor): boolean => actor.kind === 'host' || actor.role === 'owner';

function refuseRestore(actor: AdminActor): void {
  if (!canRestore(actor)) throw new AppError('FORBIDDEN');
}
