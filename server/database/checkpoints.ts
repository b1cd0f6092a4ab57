/**
 * Keeps the write-ahead log short without stopping the event loop. The worker copies the log while everybody goes on;
 * above a bound the write queue pauses for the moment in which the worker begins the log anew. Above a second bound
 * nothing is written until that has worked, so that a reader that never ends cannot fill the disk.
 */
import { AppError } from '../app-error.ts';
import type { DatabaseWorker } from './database-worker.ts';
import type { WriteQueue } from './write-queue.ts';
import { isBusy, isDiskFull, isSyncFailure } from './sqlite-errors.ts';

export type LogBounds = {
  /** The log is copied again after it has grown by this much. */
  copyEveryBytes: number;
  /** Above it the log is begun anew. */
  restartAboveBytes: number;
  /** Above it writes wait until the log has been begun anew. What is in flight may still be added. */
  holdAboveBytes: number;
};

const mebibyte = 1024 * 1024;

/** 64 MB keeps recovery after a crash well under the start-up budget; the log's budget is 128 MB. */
export const productLogBounds: LogBounds = {
  copyEveryBytes: 8 * mebibyte,
  restartAboveBytes: 64 * mebibyte,
  holdAboveBytes: 96 * mebibyte,
};

/** A quiet server's log is copied this long after the last copy, so that little is left to recover. */
const copyAfterMs = 5000;

/** How long a restart waits for readers: the writers wait with it. */
const restartWaitMs = 100;

/** Between two attempts to begin the log anew. */
const retryAfterMs = 200;

/** Callers are held for this long, then told to come back later. */
const longestHoldMs = 10_000;

export type CheckpointDeps = {
  worker: DatabaseWorker;
  queue: Pick<WriteQueue<never, never>, 'pause' | 'resume' | 'setRefusal'>;
  walBytes: () => number;
  /** The log was begun anew: nothing of it has to be flushed. */
  onRestarted: () => void;
  /** A checkpoint's fsync failed: what the disk holds is unknown. */
  onFatal: (error: unknown) => void;
  onBug: (error: unknown) => void;
  bounds?: LogBounds;
};

export type Checkpoints = {
  /** To be called after every commit. */
  onCommitted: () => void;
  /** Copies the whole log and begins it anew. Rejects if a reader prevents it. */
  checkpointNow: () => Promise<void>;
  close: () => Promise<void>;
};

/** Watches the length of one database's log. Starts nothing before the first commit. */
export function createCheckpoints(deps: CheckpointDeps): Checkpoints {
  const { worker, queue, walBytes } = deps;
  const bounds = deps.bounds ?? productLogBounds;
  let copyAboveBytes = bounds.copyEveryBytes;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosing = false;
  /** Writes are held from the moment the log is over its bound, whatever the worker is busy with. */
  let isHolding = false;

  /** Reports a failure by what it means. A full disk or a reader in the way is neither a bug nor the end. */
  function report(error: unknown): void {
    if (isSyncFailure(error)) deps.onFatal(error);
    else if (!isBusy(error) && !isDiskFull(error)) deps.onBug(error);
  }

  async function restart(): Promise<void> {
    await queue.pause();
    try {
      await worker.run({ kind: 'restart-log', waitMs: restartWaitMs });
      deps.onRestarted();
    } finally {
      queue.resume();
    }
  }

  const isStillTooLong = (): boolean => !isClosing && walBytes() > bounds.restartAboveBytes;

  /** Nothing is written until the log is short again: the only way to keep it bounded while something prevents that. */
  async function restartWhileHeld(): Promise<void> {
    const heldSince = performance.now();
    while (isStillTooLong()) {
      const error = await restart().catch((reason: unknown) => reason);
      if (error === undefined) return;
      report(error);
      if (isDiskFull(error)) queue.setRefusal(new AppError('DISK_FULL'));
      else if (performance.now() - heldSince > longestHoldMs)
        queue.setRefusal(new AppError('RATE_LIMITED', { retryAfterMs: 1000 }));
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }

  function hold(): void {
    if (isHolding) return;
    isHolding = true;
    void queue.pause();
  }

  function release(): void {
    if (!isHolding) return;
    isHolding = false;
    queue.setRefusal(undefined);
    queue.resume();
  }

  async function run(): Promise<void> {
    try {
      await worker.run({ kind: 'copy-log' });
    } catch (error) {
      // A restart copies as well; whether it fails too is what counts.
      report(error);
    }
    if (walBytes() > bounds.holdAboveBytes) hold();
    if (isHolding) await restartWhileHeld();
    else if (isStillTooLong()) await restart();
  }

  function start(): void {
    if (running !== undefined || isClosing) return;
    clearTimeout(timer);
    timer = undefined;
    running = run()
      .catch(report)
      .finally(() => {
        running = undefined;
        release();
        copyAboveBytes = walBytes() + bounds.copyEveryBytes;
      });
  }

  return {
    onCommitted() {
      if (isClosing) return;
      const bytes = walBytes();
      if (bytes > bounds.holdAboveBytes) hold();
      if (running !== undefined) return;
      if (bytes >= copyAboveBytes || isHolding) start();
      else timer ??= setTimeout(start, copyAfterMs).unref();
    },
    async checkpointNow() {
      await running;
      await restart();
    },
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await running;
    },
  };
}
