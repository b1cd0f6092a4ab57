import { availableParallelism, cpus, totalmem } from 'node:os';

/** `AMD EPYC, 2 cores, 24 GB, Linux x64, Node 24.21.0`: enough to compare numbers, nothing that names the machine. */
export function machineDescription(): string {
  const model = (cpus()[0]?.model ?? 'unknown processor').replaceAll(/\s+/g, ' ').trim();
  const systems: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return [
    model,
    `${availableParallelism()} cores`,
    `${memoryGb} GB`,
    `${systems[process.platform] ?? process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
  ].join(', ');
}
