import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

export type ProcessNumbers = {
  cpuMicros: number;
  memoryBytes: number;
  /** Since the reading before. */
  loopDelayP99Ms: number;
  diskFreeBytes: number | null;
  diskTotalBytes: number | null;
};

export type ProcessMeter = { read(): Promise<ProcessNumbers>; stop(): void };

/** How often the event loop is asked whether it is late; a delay shorter than this cannot be told from none. */
const resolutionMs = 20;

/** Measures this process, and the disk that holds `folder`. */
export function createProcessMeter(folder: string): ProcessMeter {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    async read() {
      const { user, system } = process.cpuUsage();
      // the histogram holds the time between two looks, the wanted wait included
      const delayMs = delays.count === 0 ? 0 : delays.percentile(99) / 1e6 - resolutionMs;
      delays.reset();
      const disk = await statfs(folder).catch(() => null);
      return {
        cpuMicros: user + system,
        memoryBytes: process.memoryUsage.rss(),
        loopDelayP99Ms: Math.max(0, delayMs),
        diskFreeBytes: disk === null ? null : disk.bavail * disk.bsize,
        diskTotalBytes: disk === null ? null : disk.blocks * disk.bsize,
      };
    },
    stop: () => void delays.disable(),
  };
}
