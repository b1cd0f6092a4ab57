/**
 * The server as a process of its own: started, waited for, asked to stop, and started again when it dies. What it says is
 * validated, because after an upgrade it may be of another version.
 */
import { ServerMessage } from '#contract/process-messages.ts';
import type { HostMessage } from '#contract/process-messages.ts';
import { createCrashBackOff } from './crash-back-off.ts';
import type { CrashLimits } from './crash-back-off.ts';
import type { ServerChild } from './electron-api.ts';
import { createPatientTimer } from './patient-timer.ts';
import type { Timers } from './patient-timer.ts';
import { createServerRequests } from './server-requests.ts';
import type { ServerAnswer } from './server-requests.ts';

export type Facts = Readonly<Record<string, string | number>>;

export type ServerStatus =
  | { phase: 'stopped' }
  | { phase: 'starting' }
  | { phase: 'running'; port: number }
  | { phase: 'stopping' }
  | { phase: 'problem'; code: string; facts: Facts };

/** Folders that the server said it uses. */
export type ServerFolders = { dataDir: string; logsDir: string };

export type ServerLimits = {
  /** A start may bring a large database to a new version, with a copy before. */
  readyMs: number;
  /** A little more than the server allows itself. */
  stopMs: number;
  /** After the operating system's own "end", which a process that hangs does not hear. */
  killMs: number;
} & CrashLimits;

export const productLimits: ServerLimits = {
  readyMs: 180_000,
  stopMs: 12_000,
  killMs: 3_000,
  backOffMs: [500, 2_000, 5_000, 15_000],
  crashWindowMs: 600_000,
};

type Deps = {
  /** Starts the process; `once` are arguments for this start alone. */
  fork: (once: readonly string[]) => ServerChild;
  /** Ends a process that does not listen. */
  killHard: (pid: number) => void;
  timers: Timers;
  now: () => number;
  limits: ServerLimits;
  onStatus: (status: ServerStatus) => void;
  onEvent: (name: string, payload: unknown) => void;
  /** What it prints; its own log files hold the same. */
  onOutput: (text: string) => void;
  log: (text: string) => void;
};

export type ServerProcess = {
  status(): ServerStatus;
  folders(): ServerFolders | null;
  /** Does nothing if it runs or starts already. */
  start(once?: readonly string[]): void;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
  /** As `stop`, for good: from now on nothing is started any more, whoever asks. */
  close(): Promise<void>;
  /** One of `admin:*`. Never rejects. */
  call(name: string, input: unknown): Promise<ServerAnswer>;
};

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
const tell = (child: ServerChild, message: HostMessage): void => child.postMessage(message);

type Failure = { code: string; facts: Facts };

export function createServerProcess(deps: Deps): ServerProcess {
  const { limits, log } = deps;
  let status: ServerStatus = { phase: 'stopped' };
  let folders: ServerFolders | null = null;
  let child: ServerChild | null = null;
  let failure: Failure | null = null;
  let lastWords = '';
  let isClosed = false;
  /** It had its time and is being ended: what it says from now on comes too late. */
  let isEnding = false;
  let gone = Promise.withResolvers<void>();
  const requests = createServerRequests();
  // it sleeps with the computer, and gets its time anew then
  const { wait, cancel } = createPatientTimer(deps.timers, deps.now);
  const backOff = createCrashBackOff(limits, deps.now);

  function become(next: ServerStatus): void {
    status = next;
    deps.onStatus(next);
  }

  function launch(once: readonly string[]): void {
    become({ phase: 'starting' });
    failure = null;
    isEnding = false;
    lastWords = '';
    gone = Promise.withResolvers<void>();
    let started: ServerChild;
    try {
      started = deps.fork(once);
    } catch (error) {
      log(`could not start the server: ${String(error)}`);
      return become({ phase: 'problem', code: 'SERVER_NOT_STARTED', facts: { reason: String(error) } });
    }
    child = started;
    listen(started);
    awaitReady(started);
    return undefined;
  }

  function awaitReady(started: ServerChild): void {
    wait(limits.readyMs, () => {
      failure = { code: 'START_TIMED_OUT', facts: { seconds: Math.round(limits.readyMs / 1000) } };
      end(started);
    });
  }

  function listen(started: ServerChild): void {
    started.on('message', (message) => {
      if (child === started) hear(started, message);
    });
    started.on('exit', (code) => {
      if (child === started) bury(code);
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        const text = chunk.toString();
        lastWords = (lastWords + text).slice(-4000);
        deps.onOutput(text);
      });
    }
  }

  function hear(started: ServerChild, raw: unknown): void {
    const parsed = ServerMessage.safeParse(raw);
    if (!parsed.success) return log('the server said something that is not understood');
    const message = parsed.data;
    switch (message.type) {
      case 'configured':
        folders = { dataDir: message.dataDir, logsDir: message.logsDir };
        return undefined;
      case 'ready':
        if (isEnding) return undefined;
        cancel();
        // a stop that was asked for while it started is under way
        return status.phase === 'starting' ? become({ phase: 'running', port: message.port }) : undefined;
      case 'restarting':
        if (status.phase !== 'running') return undefined;
        become({ phase: 'starting' });
        return awaitReady(started);
      case 'failed':
        failure = { code: message.code, facts: message.facts };
        return undefined;
      case 'answer':
        return requests.settle(message.id, message.answer);
      case 'event':
        return deps.onEvent(message.name, message.payload);
      default:
        return message satisfies never;
    }
  }

  /** The process is gone: as asked, because of something that can be named, or as a crash. */
  function bury(code: number): void {
    const wasReady = status.phase === 'running';
    const wasAsked = status.phase === 'stopping';
    child = null;
    cancel();
    requests.refuseAll();
    gone.resolve();
    log(`the server left with ${code}`);
    // exit code 0 without a request of ours: somebody ended it in good order (the system shutting down, an administrator)
    if (wasAsked || (code === 0 && wasReady)) return become({ phase: 'stopped' });
    if (failure !== null) return become({ phase: 'problem', ...failure });
    return restartAfterCrash(code);
  }

  function restartAfterCrash(code: number): void {
    const next = backOff.crashed();
    if ('givenUpAfter' in next) {
      const reason = lastWords.trim().split('\n').at(-1) ?? '';
      const facts = { times: next.givenUpAfter, exitCode: code, reason };
      return become({ phase: 'problem', code: 'SERVER_KEEPS_CRASHING', facts });
    }
    become({ phase: 'starting' });
    return wait(next.delayMs, () => launch([]));
  }

  /** The operating system's "end", and for a process that does not hear it, the end. */
  function end(started: ServerChild): void {
    const { pid } = started;
    isEnding = true;
    started.kill();
    wait(limits.killMs, () => {
      if (child === started && pid !== undefined) deps.killHard(pid);
    });
  }

  function stop(): Promise<void> {
    if (child === null) {
      cancel();
      if (status.phase !== 'stopped') become({ phase: 'stopped' });
      return Promise.resolve();
    }
    const present = child;
    // asked again, it does not get more time
    if (status.phase === 'stopping') return gone.promise;
    become({ phase: 'stopping' });
    tell(present, { type: 'stop' });
    // one that is being ended already has its end on the way
    if (!isEnding) wait(limits.stopMs, () => end(present));
    return gone.promise;
  }

  return {
    status: () => status,
    folders: () => folders,
    start(once = []) {
      if (isClosed || (status.phase !== 'stopped' && status.phase !== 'problem')) return;
      backOff.forget();
      launch(once);
    },
    stop,
    close() {
      isClosed = true;
      return stop();
    },
    call(name, input) {
      if (child === null || status.phase !== 'running') return Promise.resolve(requests.refusal);
      const present = child;
      return requests.ask((id) => tell(present, { type: 'request', id, name, input }));
    },
  };
}
