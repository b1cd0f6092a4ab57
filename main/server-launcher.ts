/** How the server's process is started: with which program, and with which arguments as things are now. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { restoreBackup } from './backup-restore.ts';
import type { ElectronApi, ServerChild } from './electron-api.ts';
import { serverArguments } from './launch-arguments.ts';
import type { ServerOptions } from './launch-arguments.ts';

type Deps = Pick<ElectronApi, 'utilityProcess'> & {
  /** `server/` and `static/` of the bundle are in it. */
  serverDir: string;
  /** What the app itself was started with; what the person decides since is written into it. */
  options: ServerOptions;
  /** The folder that the person chose in this app. */
  chosenDataDir: () => string | null;
};

export type ServerLauncher = {
  /** Throws if the program is not there. `once` are arguments for this start alone. */
  start(once: readonly string[]): ServerChild;
  /** Puts a backup in the place of the database; null when that is done, else the code that says why not. */
  restore(file: string): Promise<string | null>;
};

export function createServerLauncher({
  utilityProcess,
  serverDir,
  options,
  chosenDataDir,
}: Deps): ServerLauncher {
  function fork(args: readonly string[]): ServerChild {
    const entry = path.join(serverDir, 'server', 'cli.js');
    if (!existsSync(entry)) throw new Error(entry);
    return utilityProcess.fork(entry, [...args], { serviceName: 'Maru server', stdio: 'pipe' });
  }
  function presentArguments(): string[] {
    const dataDir = options['--data-dir'] ?? chosenDataDir();
    return serverArguments(dataDir === null ? options : { ...options, '--data-dir': dataDir });
  }
  return {
    start: (once) => fork([...presentArguments(), '--no-open', ...once]),
    restore: (file) => restoreBackup(file, (args) => fork([...args, ...presentArguments()])),
  };
}
