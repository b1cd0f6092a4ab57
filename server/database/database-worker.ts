/** The main thread's side of `checkpoint-worker.ts`: one job at a time, a new thread after a crash. */
import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerJob, WorkerRequest, WorkerStart } from './worker-messages.ts';

export type DatabaseWorker = {
  /** Runs a job after those before it. Rejects with SQLite's code if it fails, or when the thread dies. */
  run(job: WorkerJob): Promise<WorkerAnswer & { ok: true }>;
  /** Lets the job under way finish, closes the thread's connections and waits for its end. */
  close(): Promise<void>;
};

/** A failed job: `code` is SQLite's or the operating system's. */
export class WorkerJobError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WorkerJobError';
    this.code = code;
  }
}

/** The entry beside this file, in the source tree and in a bundle alike. */
export const defaultWorkerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js',
  import.meta.url,
);

/** No thread is started before the first job. An idle thread does not keep the program alive. */
export function createDatabaseWorker(databasePath: string, entry: URL = defaultWorkerEntry): DatabaseWorker {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  function startThread(): Worker {
    const start: WorkerStart = { databasePath };
    const started = new Worker(entry, { workerData: start, name: 'database' });
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    // A crash while no job runs is reported by the job that finds the thread gone; without a listener it would be thrown.
    started.on('error', () => undefined);
    return started;
  }

  function runNow(job: WorkerJob): Promise<WorkerAnswer & { ok: true }> {
    if (isClosed) return Promise.reject(new WorkerJobError('CLOSED', 'the database is closed'));
    const thread = (worker ??= startThread());
    const request: WorkerRequest = { kind: 'job', job };
    return new Promise((resolve, reject) => {
      const onAnswer = (answer: WorkerAnswer): void => {
        stopListening();
        if (answer.ok) resolve(answer);
        else reject(new WorkerJobError(answer.code, answer.message));
      };
      const onError = (error: unknown): void => {
        stopListening();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const onExit = (): void => onError(new WorkerJobError('WORKER_ENDED', 'the database thread ended'));
      const stopListening = (): void => {
        thread.off('message', onAnswer).off('error', onError).off('exit', onExit);
        thread.unref();
      };
      thread.ref();
      thread.on('message', onAnswer).on('error', onError).on('exit', onExit);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.postMessage(request);
    });
  }

  return {
    run(job) {
      const result = last.then(() => runNow(job));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      isClosed = true;
      await last;
      const thread = worker;
      if (thread === undefined) return;
      const request: WorkerRequest = { kind: 'close' };
      thread.ref();
      await new Promise<void>((resolve) => {
        thread.once('exit', () => resolve());
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        thread.postMessage(request);
      });
    },
  };
}
