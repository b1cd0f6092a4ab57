import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from './startup-error.ts';

export const configFilePath = (dataDir: string): string => path.join(dataDir, 'config.json');

/** The object in `config.json`; empty if there is no file. A file that cannot be read or parsed is CONFIG_INVALID. */
export function readConfigFile(fileName: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(fileName, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return {};
    }
    throw invalidFile(fileName, 'file-unreadable', error);
  }
  try {
    // Windows' Notepad puts a byte order mark at the start
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw new Error('not an object');
    return { ...parsed };
  } catch (error) {
    throw invalidFile(fileName, 'file-not-json', error);
  }
}

/**
 * Changes keys of `config.json` and keeps the rest. Written beside it, flushed and renamed: a power cut leaves the old
 * file or the new one, never half of one.
 */
export function changeConfigFile(fileName: string, changes: Readonly<Record<string, unknown>>): void {
  const next = { ...readConfigFile(fileName), ...changes };
  const temporary = `${fileName}.${process.pid}.new`;
  try {
    const descriptor = openSync(temporary, 'w', 0o600);
    try {
      // not `writeSync`, which may write a part and say nothing
      writeFileSync(descriptor, `${JSON.stringify(next, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, fileName);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function invalidFile(fileName: string, problem: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const facts = { key: '', origin: 'file', path: fileName, problem, reason };
  return new StartupError('CONFIG_INVALID', facts, { cause });
}
