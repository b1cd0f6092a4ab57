import { StartupError } from '../startup-error.ts';

/** better-sqlite3 crashes the process on older ones, without a word. */
export const oldestNode = '22.18.0';

/** Throws WRONG_NODE. Called before anything imports the database driver. */
export function checkNodeVersion(version: string): void {
  if (compareVersions(version, oldestNode) < 0) {
    throw new StartupError('WRONG_NODE', { version, expected: oldestNode });
  }
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)));
  for (const index of [0, 1, 2]) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
