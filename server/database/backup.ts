/** A consistent copy of a database while it is in use. */
import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import type { ReaderConnection } from './open-sqlite.ts';

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Writes the database as it is now, without free pages, to a new file, and forces it to the disk. Synchronous: for the
 * worker, and for the time before the server listens. Throws SQLite's error (a full disk, for one) and then leaves
 * nothing behind; a file that exists is never touched.
 */
export function copyDatabase({ sqlite }: ReaderConnection, path: string): void {
  if (isThere(path)) throw new Error(`${path} exists already`);
  try {
    // Copies one state of the database, whatever is committed meanwhile. The copy is no part of the open database, so
    // Node may open it.
    sqlite.prepare('vacuum into ?').run(path);
    const copy = openSync(path, 'r+');
    try {
      fsyncSync(copy);
    } finally {
      closeSync(copy);
    }
  } catch (error) {
    // Half a copy must not look like one.
    rmSync(path, { force: true });
    throw error;
  }
}
