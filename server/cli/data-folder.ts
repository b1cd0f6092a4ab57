import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../config.ts';

export type Machine = {
  platform: NodeJS.Platform;
  env: Environment;
  homeDir: string;
  /** The folder of the running code: `dist/server` in a bundle, `server` from the sources. */
  codeDir: string;
};

/** The clone that this code runs from, or null in an installed copy (which has no `scripts/`). */
export function cloneFolder(codeDir: string): string | null {
  for (const candidate of [path.resolve(codeDir, '..'), path.resolve(codeDir, '..', '..')]) {
    if (existsSync(path.join(candidate, 'scripts', 'start.mjs')) && packageName(candidate) === 'maru') {
      return candidate;
    }
  }
  return null;
}

function packageName(folder: string): unknown {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return typeof parsed === 'object' && parsed !== null && 'name' in parsed ? parsed.name : undefined;
  } catch {
    return undefined;
  }
}

/** Where the data lives if nobody says otherwise; the same for the tray and for `--cli`. */
export function defaultDataFolder({ platform, env, homeDir, codeDir }: Machine): string {
  const clone = cloneFolder(codeDir);
  if (clone !== null) return path.join(clone, 'data');
  if (platform === 'win32') return path.win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'Maru');
  if (platform === 'darwin') return path.posix.join(homeDir, 'Library', 'Application Support', 'Maru');
  // systemd names the folder of a service's `StateDirectory=`; several are separated by colons
  const stateDirectory = env['STATE_DIRECTORY']?.split(':')[0];
  if (stateDirectory) return stateDirectory;
  // a service without one: systemd marks every unit that it starts with INVOCATION_ID
  if (env['INVOCATION_ID'] && env['HOME'] === undefined) return '/var/lib/maru';
  return path.posix.join(homeDir, '.local', 'share', 'maru');
}
