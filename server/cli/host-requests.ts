import { errorCodes } from '#contract/error-codes.ts';
import type { Refusal } from '#contract/request.ts';
import type { HostChannel } from './host-channel.ts';
import type { RunningServer } from './running-server.ts';

/** What a server that is not there answers. */
export const notRunning: Refusal = {
  ok: false,
  error: errorCodes.SHUTTING_DOWN.sentence,
  code: 'SHUTTING_DOWN',
};

/** Answers the host's requests `admin:*`, each exactly once; a server that is not there refuses. */
export function answerHost(host: HostChannel | null, running: () => RunningServer | null): void {
  host?.onMessage((message) => {
    if (message.type !== 'request') return;
    const { id, name, input } = message;
    const answer = running()?.askAsHost(name, input) ?? Promise.resolve(notRunning);
    void answer.then((value) => host.tell({ type: 'answer', id, answer: value }));
  });
}
