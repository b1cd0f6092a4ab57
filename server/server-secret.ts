import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from './startup-error.ts';

const secretBytes = 64;

type SecretOptions = {
  dataDir: string;
  /** True if a database is already there: a secret belongs to it, and making a new one would orphan what it protects. */
  hasDatabase: boolean;
  randomBytes: (size: number) => Uint8Array;
};

export const secretPath = (dataDir: string): string => path.join(dataDir, 'secret.key');

/**
 * The server's secret: 64 random bytes in `<data>/secret.key`, readable by its owner only. Made only where there is neither
 * secret nor database. Anything else that is not exactly a secret refuses the start (SECRET_UNREADABLE, SECRET_MISSING)
 * and is left as it is: a replaced secret signs everybody out and cannot be taken back.
 */
export function loadServerSecret({ dataDir, hasDatabase, randomBytes }: SecretOptions): Uint8Array {
  const file = secretPath(dataDir);
  const present = readSecret(file);
  if (present !== null) return present;
  if (hasDatabase) throw new StartupError('SECRET_MISSING', { path: file });
  createSecret(file, randomBytes(secretBytes));
  const created = readSecret(file);
  if (created === null) throw new StartupError('SECRET_MISSING', { path: file });
  return created;
}

function readSecret(file: string): Uint8Array | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new StartupError('SECRET_UNREADABLE', { path: file, reason: codeOf(error) }, { cause: error });
  }
  if (bytes.length !== secretBytes) {
    const reason = `${bytes.length} bytes instead of ${secretBytes}`;
    throw new StartupError('SECRET_UNREADABLE', { path: file, reason });
  }
  return new Uint8Array(bytes);
}

/** Written and flushed under another name, then linked: a power cut leaves no secret or a whole one, and none is overwritten. */
function createSecret(file: string, secret: Uint8Array): void {
  const temporary = `${file}.${process.pid}.new`;
  try {
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(descriptor, secret);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    linkSecret(temporary, file);
    flushFolder(path.dirname(file));
  } catch (error) {
    const code = codeOf(error);
    const facts = { path: path.dirname(file), reason: code };
    const failure = code === 'ENOSPC' ? 'DISK_FULL' : 'DATA_DIR_NOT_WRITABLE';
    throw new StartupError(failure, facts, { cause: error });
  } finally {
    rmSync(temporary, { force: true });
  }
}

function linkSecret(temporary: string, file: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    // somebody else's start made one in the same moment: theirs counts
    if (codeOf(error) === 'EEXIST') return;
    // file systems without hard links (exFAT): an exclusive copy is the next best
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'].includes(codeOf(error))) throw error;
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeSync(descriptor, readFileSync(temporary));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Makes the new name itself durable. Windows cannot open a folder and does not need it. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
