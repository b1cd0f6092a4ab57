/** A server process that is killed without warning and started again at the same port. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type KillableServer = {
  port: number;
  kills(): number;
  /** SIGKILL, in the middle of whatever it is doing, and a new process on the same data. Resolves when that listens. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
};

const entry = fileURLToPath(new URL('server-child.ts', import.meta.url));

async function startChild(dataDir: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(entry, [dataDir, String(port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended with ${code} instead of listening`);
    }),
  ]);
  return { child, port: (message as { port: number }).port }; // the child's only message
}

/** Starts it on any free port. */
export async function startKillableServer(dataDir: string): Promise<KillableServer> {
  let kills = 0;
  let running = await startChild(dataDir, 0);
  const { port } = running;

  async function kill(): Promise<void> {
    const gone = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await gone;
  }

  return {
    port,
    kills: () => kills,
    async killAndRestart() {
      await kill();
      kills += 1;
      running = await startChild(dataDir, port);
    },
    stop: kill,
  };
}
