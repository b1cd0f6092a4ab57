/** What a failed statement means. Stores and the queue ask here, so that SQLite's codes are named in this folder only. */

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * True if a write could not be done for want of space. Besides SQLITE_FULL (ENOSPC) these are the codes of a failed
 * write (a quota, for one) and of a shared-memory file that could not grow.
 */
export const isDiskFull = (error: unknown): boolean =>
  ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(codeOf(error));

/** True if a file could not be made or opened because the operating system does not allow it. */
export const isNotAllowed = (error: unknown): boolean =>
  ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(codeOf(error));

/** True if the file is not a database, or a damaged one. */
export const isCorrupt = (error: unknown): boolean =>
  codeOf(error) === 'SQLITE_NOTADB' || codeOf(error).startsWith('SQLITE_CORRUPT');

/** True if the error is of SQLite at all: of a foreign file every statement may fail. */
export const isSqliteError = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_');

/** True if another connection holds a lock. */
export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/** True if the operating system failed to force pages to the disk: what it holds is unknown from then on. */
export const isSyncFailure = (error: unknown): boolean =>
  ['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC'].includes(codeOf(error));
