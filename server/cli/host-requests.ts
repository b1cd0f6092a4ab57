import { randomBytes } from 'node:crypto';
import { errorCodes } from '#contract/error-codes.ts';
import type { Refusal } from '#contract/request.ts';
import { loadServerSecret } from '../server-secret.ts';
import { logger } from '../logger.ts';
import { listenForAdmin } from './admin/line-server.ts';
import type { LineServer } from './admin/line-server.ts';
import type { HostChannel } from './host-channel.ts';
import type { RunningServer } from './running-server.ts';

const notRunning: Refusal = { ok: false, error: errorCodes.SHUTTING_DOWN.sentence, code: 'SHUTTING_DOWN' };

/** Answers the host's requests `admin:*`, each exactly once; a server that is not there refuses. */
export function answerHost(host: HostChannel | null, running: () => RunningServer | null): void {
  host?.onMessage((message) => {
    if (message.type !== 'request') return;
    const { id, name, input } = message;
    const answer = running()?.askAsHost(name, input) ?? Promise.resolve(notRunning);
    void answer.then((value) => host.tell({ type: 'answer', id, answer: value }));
  });
}

/** The line for `admin …` at a terminal beside this server. Without it the server runs all the same. */
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
