import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** The object in a JSON file: null if there is no file; throws if it cannot be read or holds anything else. */
export function readJsonObject(file: string): Record<string, unknown> | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  // Windows' Notepad puts a byte order mark at the start
  const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error(`${file} does not hold an object`);
  }
  return { ...parsed };
}

/** Written beside it, flushed and renamed: a power cut leaves the old file or the new one, never half of one. */
export function writeJsonAtomically(file: string, value: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  try {
    const descriptor = openSync(temporary, 'w', 0o600);
    try {
      // not `writeSync`, which may write a part and say nothing
      writeFileSync(descriptor, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Changes keys of a JSON file and keeps the rest; throws, and changes nothing, if the present one cannot be read. */
export const changeJsonFile = (file: string, changes: Readonly<Record<string, unknown>>): void =>
  writeJsonAtomically(file, { ...readJsonObject(file), ...changes });
