/** Starts the processes of a measurement and talks to them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reply } from './answering.ts';
import type { CpuAnswer, MemoryAnswer, StallAnswer } from './probe.ts';

export type Child = {
  pid: number;
  /** Asks the probe, the generator or a reference; rejects with what went wrong there or if the child ends. */
  ask: <Answer>(kind: string, payload?: unknown) => Promise<Answer>;
  /** Resolves with the port of a reference server once it listens. */
  port: Promise<number>;
  /** Everything that the child wrote so far: for error messages. */
  output: () => string;
  /** Ends the child and waits until it is gone. */
  stop: (signal?: NodeJS.Signals) => Promise<void>;
  isRunning: () => boolean;
};

type ChildOptions = {
  /** Path below the repository's root. */
  entry: string;
  args?: readonly string[];
  env?: Record<string, string>;
  /** The probe, which is the default, or nothing (start-up times are taken without it). */
  hasProbe?: boolean;
  nodeArgs?: readonly string[];
};

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const probe = new URL('probe.ts', import.meta.url).href;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startChild(options: ChildOptions): Child {
  const probing = (options.hasProbe ?? true) ? ['--expose-gc', '--import', probe] : [];
  const child = spawn(
    process.execPath,
    [...probing, ...(options.nodeArgs ?? []), options.entry, ...(options.args ?? [])],
    {
      cwd: projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  running.add(child);
  const output = collectOutput(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    output,
    ...conversation(child, options.entry, output),
    isRunning: () => running.has(child),
    stop: async (signal = 'SIGTERM') => {
      if (running.has(child)) child.kill(signal);
      // a server that does not stop must not hold up the bench
      const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => text;
}

type Waiting = { resolve: (answer: never) => void; reject: (error: Error) => void };

function conversation(child: ChildProcess, name: string, output: () => string): Pick<Child, 'ask' | 'port'> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const listening = Promise.withResolvers<number>();
  listening.promise.catch(() => undefined); // nobody waits for the port of a generator
  child.on('message', (message: Reply | { listening: number }) => {
    if ('listening' in message) listening.resolve(message.listening);
    if (!('id' in message)) return;
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failure' in message) asked?.reject(new Error(`${name}: ${message.failure}`));
    else asked?.resolve(message.answer as never); // the asker says what the answer's type is
  });
  child.once('exit', (code, signal) => {
    const error = new Error(`${name} ended (${signal ?? code})\n${output()}`);
    listening.reject(error);
    for (const asked of waiting.values()) asked.reject(error);
    waiting.clear();
  });
  return {
    port: listening.promise,
    ask: (kind, payload) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        child.send({ id: lastId, kind, payload }, (error) => error && reject(error));
      }),
  };
}

export const askCpu = (child: Child): Promise<CpuAnswer> => child.ask<CpuAnswer>('cpu');
export const askMemory = (child: Child): Promise<MemoryAnswer> => child.ask<MemoryAnswer>('memory');
export const beginStalls = (child: Child): Promise<void> => child.ask<void>('stalls:begin');
export const endStalls = (child: Child): Promise<StallAnswer> => child.ask<StallAnswer>('stalls:end');
