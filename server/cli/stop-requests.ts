import type { HostChannel } from './host-channel.ts';

type StopRequests = {
  process: NodeJS.Process;
  host: HostChannel | null;
  onFirst: (reason: string) => void;
  onSecond: () => void;
};

// one Ctrl+C arrives several times: from the terminal, and passed on by npm and by the starter
const echoMs = 500;

/**
 * Calls `onFirst` when somebody asks the server to stop and `onSecond` when they ask again. Asking is a signal, the message
 * `{ type: 'stop' }` of the parent, or the parent's death (its channel closes), so that nothing is left running alone.
 */
export function listenForStop({ process: own, host, onFirst, onSecond }: StopRequests): void {
  let askedAt: number | null = null;
  const ask = (reason: string): void => {
    const now = performance.now();
    if (askedAt === null) {
      askedAt = now;
      onFirst(reason);
    } else if (now - askedAt > echoMs) {
      onSecond();
    }
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // Windows: Ctrl+Break, and the closing of the console window (which Node calls SIGHUP). Elsewhere SIGHUP keeps its
  // default, so that `nohup` works.
  if (own.platform === 'win32') signals.push('SIGBREAK', 'SIGHUP');
  for (const signal of signals) own.on(signal, () => ask(signal));
  host?.onMessage(({ type }) => {
    if (type === 'stop') ask('stop');
  });
  host?.onGone(() => ask('parent gone'));
}
