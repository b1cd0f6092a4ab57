import type { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';

type Headless = {
  spawn: typeof spawn;
  process: Pick<NodeJS.Process, 'on' | 'platform'>;
  /** This program; as a plain Node it runs the server like any other Node does. */
  execPath: string;
  env: NodeJS.ProcessEnv;
  /** `server/` and `static/` of the bundle are in it. */
  serverDir: string;
  args: readonly string[];
};

/**
 * `--cli`: runs the server in a plain Node of this very program, in this terminal, and gives its exit code. A process of its
 * own, because a browser process installs signal handlers of its own and would end the server in the middle of its work.
 */
export function runHeadless({ spawn: start, process: own, execPath, env, serverDir, args }: Headless) {
  const entry = path.join(serverDir, 'server', 'cli.js');
  const child = start(execPath, [entry, '--cli', ...args], {
    // the channel tells the server when we are gone, whatever killed us
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const pass = (signal: NodeJS.Signals): void => {
    // on Windows a signal would kill it on the spot
    if (own.platform === 'win32') child.send({ type: 'stop' });
    else child.kill(signal);
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  if (own.platform === 'win32') signals.push('SIGBREAK', 'SIGHUP');
  for (const signal of signals) own.on(signal, pass);
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}
