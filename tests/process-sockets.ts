/** Linux: what processes have open on the network, read from `/proc`. Addresses are in the kernel's own hexadecimal form. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export type ProcessSocket = {
  local: string;
  remote: string;
  isListening: boolean;
  kind: 'tcp' | 'tcp6' | 'udp' | 'udp6';
};

/** The sockets of processes, by the inodes of their descriptors. */
export function socketsOf(pids: readonly number[]): ProcessSocket[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      list(`/proc/${pid}/fd`).flatMap(
        (fd) => /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
      ),
    ),
  );
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[9] ?? ''))
      .map(([, local = '', remote = '', status]) => ({ local, remote, isListening: status === '0A', kind })),
  );
}

/** A process and all that it started, and that these started. */
export const withDescendants = (pid: number): number[] => [
  pid,
  ...list(`/proc/${pid}/task`)
    .flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).trim().split(' ').filter(Boolean).map(Number),
    )
    .flatMap(withDescendants),
];

/** `127.0.0.1`, `::1`, and the first one written as the second kind. */
export const isLoopback = (address: string): boolean =>
  /^(0100007F|0{24}01000000|0{16}FFFF00000100007F):/.test(address);

/** The other end of a listener. */
export const isNowhere = (address: string): boolean => /^0+:0000$/.test(address);

// a process may end while it is looked at
const list = (folder: string): string[] => orEmpty(() => readdirSync(folder), []);
const link = (file: string): string => orEmpty(() => readlinkSync(file), '');
const read = (file: string): string => orEmpty(() => readFileSync(file, 'utf8'), '');

function orEmpty<Value>(look: () => Value, empty: Value): Value {
  try {
    return look();
  } catch {
    return empty;
  }
}
