/** The line that a running server keeps open for `admin …`. */
import { randomBytes } from 'node:crypto';
import { logger } from '../../logger.ts';
import { loadServerSecret } from '../../server-secret.ts';
import { notRunning } from '../host-requests.ts';
import type { RunningServer } from '../running-server.ts';
import { listenForAdmin } from './line-server.ts';
import type { LineServer } from './line-server.ts';

/** Begins to listen for a terminal beside this server. Without it the server runs all the same. */
export async function openAdminLine(
  dataDir: string,
  running: () => RunningServer | null,
): Promise<LineServer | null> {
  try {
    return await listenForAdmin({
      dataDir,
      platform: process.platform,
      secret: loadServerSecret({ dataDir, hasDatabase: true, randomBytes }),
      ask: (name, input) => running()?.askAsHost(name, input, 'cli') ?? Promise.resolve(notRunning),
    });
  } catch (error) {
    logger('cli').warn('no line for the command line', { error });
    return null;
  }
}
