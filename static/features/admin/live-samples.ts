/** The samples of the last five minutes, kept current once a second while the page is looked at. */
import type { AdminSample } from '#contract/admin.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import { createStore } from '../../state/store.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { AdminBridge } from './admin-bridge.ts';

/** How much of the past is shown. */
export const windowMs = 5 * 60_000;

/** Without a sample for so long, the watch is asked for anew: the server started again, or the connection was lost. */
const silenceMs = 4_000;

export type LiveSamples = {
  readonly samples: ReadableStore<readonly AdminSample[]>;
  dispose: () => void;
};

/** How many views of a bridge watch: the next page opens before the one before it is gone, which must not end the watch for both. */
const watchersOf = new WeakMap<AdminBridge, number>();

/** Counts as watching until what it gives is called; the last one ends the watch. */
export function holdWatch(bridge: AdminBridge): () => void {
  watchersOf.set(bridge, (watchersOf.get(bridge) ?? 0) + 1);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    const left = (watchersOf.get(bridge) ?? 1) - 1;
    watchersOf.set(bridge, left);
    if (left === 0) drop(bridge.call('admin:watch', { on: false }));
  };
}

/** Watches until it is disposed; a hidden page does not watch. */
export function createLiveSamples(bridge: AdminBridge): LiveSamples {
  const samples = createStore<readonly AdminSample[]>([]);
  const disposables = createDisposables();
  let release: (() => void) | null = null;
  let heardAt = 0;

  const stop = (): void => {
    release?.();
    release = null;
  };
  const watch = async (): Promise<void> => {
    heardAt = performance.now();
    if (document.visibilityState !== 'visible') return stop();
    release ??= holdWatch(bridge);
    const [past] = await Promise.all([
      bridge.call('admin:stats', {}),
      bridge.call('admin:watch', { on: true }),
    ]);
    if (past.ok) samples.set(merged(samples.get(), past.value.samples));
  };
  const checkSilence = (): void => {
    if (release !== null && performance.now() - heardAt > silenceMs) drop(watch());
  };
  const timer = setInterval(checkSilence, silenceMs);
  disposables.add(
    bridge.on('admin:sampled', ({ sample }) => {
      heardAt = performance.now();
      samples.set(merged(samples.get(), [sample]));
    }),
    () => clearInterval(timer),
    stop,
  );
  disposables.listen(document, 'visibilitychange', () => drop(watch()));
  drop(watch());
  return { samples, dispose: disposables.dispose };
}

/** Both lists in order of time, each moment once, nothing older than the window. */
export function merged(known: readonly AdminSample[], more: readonly AdminSample[]): readonly AdminSample[] {
  const byTime = new Map([...known, ...more].map((sample) => [sample.at, sample]));
  const all = [...byTime.values()].sort((one, other) => one.at - other.at);
  const newest = all[all.length - 1]?.at ?? 0;
  return all.filter(({ at }) => at >= newest - windowMs);
}
