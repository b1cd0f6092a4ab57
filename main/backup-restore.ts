/** Going back to a backup while the server cannot run: its own `restore` command, in a process of its own. */
import { ServerMessage } from '#contract/process-messages.ts';
import type { ServerChild } from './electron-api.ts';

/** The code of a failure that did not name itself: a crash. */
const unnamed = 'INTERNAL';

/**
 * Restores `file` with the process that `fork` starts; null once it is in place, else the code that says why not. A process
 * that cannot even be started counts as a failure, too.
 */
export function restoreBackup(
  file: string,
  fork: (args: readonly string[]) => ServerChild,
): Promise<string | null> {
  const ended = Promise.withResolvers<string | null>();
  let code = unnamed;
  try {
    const child = fork(['restore', file]);
    child.on('message', (raw) => {
      const said = ServerMessage.safeParse(raw);
      if (said.success && said.data.type === 'failed') code = said.data.code;
    });
    child.on('exit', (exitCode) => ended.resolve(exitCode === 0 ? null : code));
    // a pipe that nobody empties stops whoever writes into it
    for (const stream of [child.stdout, child.stderr]) stream?.resume();
  } catch {
    ended.resolve(unnamed);
  }
  return ended.promise;
}
