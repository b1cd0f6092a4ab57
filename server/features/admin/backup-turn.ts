import { AppError } from '../../app-error.ts';
import type { Log } from '../../logger.ts';

export type BackupTurn = {
  /** Does the work unless other work is under way: throws BACKUP_UNDER_WAY then, else what the work throws, as a refusal. */
  take: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** A restore is staged: from here on only the start that sets it in place is awaited. */
  end: () => void;
};

/** One thing at a time: two copies of a large database at once only fill the disk. */
export function createBackupTurn(log: Log): BackupTurn {
  let isUnderWay = false;
  let isEnded = false;
  return {
    async take(work) {
      if (isUnderWay || isEnded) throw new AppError('BACKUP_UNDER_WAY');
      isUnderWay = true;
      try {
        return await work();
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.code === 'BACKUP_DAMAGED') log.error('a backup is damaged', { error });
        throw refusal ?? error;
      } finally {
        isUnderWay = false;
      }
    },
    end() {
      isEnded = true;
    },
  };
}

/** What the database's thread says about a copy, as a refusal; undefined for everything else. */
function refusalOf(error: unknown): AppError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'BACKUP_DAMAGED':
      return new AppError('BACKUP_DAMAGED');
    case 'DATABASE_FROM_FUTURE':
      return new AppError('BACKUP_TOO_NEW');
    case 'BACKUP_NOT_FOUND':
      return new AppError('NOT_FOUND');
    case 'DATA_DIR_NOT_WRITABLE':
      return new AppError('BACKUP_FOLDER_UNUSABLE');
    default:
      return undefined;
  }
}
