/**
 * Samples of the server's numbers: once a second while somebody looks, every five seconds else, so that a window that is
 * opened has the last minutes to show. Without a watcher nothing is sent to anybody.
 */
import type { AdminSample } from '#contract/admin.ts';
import type { Clock } from '../feature-types.ts';
import { sampleOf } from './sample-rules.ts';
import type { Reading } from './sample-rules.ts';

const watchedMs = 1_000;
const unwatchedMs = 5_000;
const keptMs = 5 * 60_000;

export type Watcher = { kind: 'host' } | { kind: 'socket'; socketId: string; userId: number };

export type SamplerDeps = {
  read: () => Promise<Reading>;
  startedAt: number;
  clock: Clock;
  isConnected: (socketId: string) => boolean;
  /** Who administers now: a page that watches may be somebody's who did when it began. */
  administrators: () => Promise<ReadonlySet<number>>;
  /** To sockets, and to the host if it watches. */
  tell: (watchers: Watchers, sample: AdminSample) => void;
  onBug: (error: unknown) => void;
};

export type Watchers = { socketIds: string[]; isHost: boolean };

export type Sampler = {
  samples: () => AdminSample[];
  watch(watcher: Watcher, isOn: boolean): void;
  /** Takes the first reading, and goes on. */
  start: () => void;
  /** True while samples are taken every second. */
  isWatched: () => boolean;
  stop: () => void;
};

/** Does nothing before `start`. */
export function createSampler(deps: SamplerDeps): Sampler {
  const { clock, isConnected, tell } = deps;
  const userIdsBySocket = new Map<string, number>();
  const samples: AdminSample[] = [];
  let isHostWatching = false;
  let isStopped = false;
  let before: Reading | null = null;
  let cancel: (() => void) | null = null;
  let underWay: Promise<void> | null = null;

  const watchers = (): Watchers => ({ socketIds: [...userIdsBySocket.keys()], isHost: isHostWatching });

  /** A page that was closed says nothing: its socket is gone. */
  function isWatched(): boolean {
    for (const socketId of userIdsBySocket.keys()) {
      if (!isConnected(socketId)) userIdsBySocket.delete(socketId);
    }
    return isHostWatching || userIdsBySocket.size > 0;
  }

  async function dropFormerAdministrators(): Promise<void> {
    if (userIdsBySocket.size === 0) return;
    const present = await deps.administrators();
    for (const [socketId, userId] of userIdsBySocket) {
      if (!present.has(userId)) userIdsBySocket.delete(socketId);
    }
  }

  function schedule(): void {
    cancel?.();
    cancel = isStopped ? null : clock.after(isWatched() ? watchedMs : unwatchedMs, () => void take());
  }

  function take(): Promise<void> {
    underWay ??= sample()
      .catch(deps.onBug)
      .finally(() => {
        underWay = null;
        schedule();
      });
    return underWay;
  }

  async function sample(): Promise<void> {
    const now = await deps.read();
    await dropFormerAdministrators();
    if (isStopped) return;
    if (before !== null) {
      const made = sampleOf(before, now, deps.startedAt);
      samples.push(made);
      // by number, too: a clock that was set back makes every earlier sample one of the future
      while ((samples[0]?.at ?? made.at) < made.at - keptMs || samples.length > keptMs / watchedMs) {
        samples.shift();
      }
      if (isWatched()) tell(watchers(), made);
    }
    before = now;
  }

  return {
    start: () => void take(),
    samples: () => [...samples],
    isWatched,
    watch(watcher, isOn) {
      const wasWatched = isWatched();
      if (watcher.kind === 'host') isHostWatching = isOn;
      else if (isOn) userIdsBySocket.set(watcher.socketId, watcher.userId);
      else userIdsBySocket.delete(watcher.socketId);
      // the first one does not wait for the slow rhythm to end
      if (isOn && !wasWatched) void take();
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
