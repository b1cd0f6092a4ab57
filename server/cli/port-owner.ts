/** Which program listens on a port, as far as the operating system tells the user who asks. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';

export type PortOwner = { pid: number; program?: string };

/** The listener of a TCP port, or null where it cannot be found out (another user's process, no tools). */
export function findPortOwner(port: number, platform: NodeJS.Platform = process.platform): PortOwner | null {
  if (platform === 'linux') return ownerByProc(port, '/proc') ?? ownerByLsof(port);
  return platform === 'win32' ? ownerByNetstat(port) : ownerByLsof(port);
}

/** Linux: the sockets' inodes from `/proc/net`, then whose descriptors they are. */
export function ownerByProc(port: number, proc: string): PortOwner | null {
  const inodes = new Set(
    ['tcp', 'tcp6'].flatMap((name) => listeningInodes(read(`${proc}/net/${name}`), port)),
  );
  if (inodes.size === 0) return null;
  for (const entry of list(proc)) {
    if (!/^\d+$/.test(entry)) continue;
    const isOwner = list(`${proc}/${entry}/fd`).some((descriptor) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`${proc}/${entry}/fd/${descriptor}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
    if (isOwner) return withProgram(Number(entry), programName(`${proc}/${entry}`));
  }
  return null;
}

/** Inodes of listening sockets (state 0A) on the port, from the text of `/proc/net/tcp`. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .map((columns) => columns[9] ?? '');
}

/** The executable's name; `comm` is only a thread's name and says "MainThread" for Node. */
const programName = (processFolder: string): string =>
  path.basename(readLink(`${processFolder}/exe`).replace(/ \(deleted\)$/, '')) ||
  path.basename(read(`${processFolder}/cmdline`).split('\0')[0] ?? '') ||
  read(`${processFolder}/comm`).trim();

function ownerByLsof(port: number): PortOwner | null {
  return parseLsof(run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']));
}

/** `lsof -Fpc`: one field a line, `p` the process id, `c` its command. */
export function parseLsof(output: string): PortOwner | null {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  return pid === undefined ? null : withProgram(Number(pid), /^c(.+)$/m.exec(output)?.[1]);
}

function ownerByNetstat(port: number): PortOwner | null {
  const pid =
    parseNetstat(run('netstat', ['-ano', '-p', 'TCP']), port) ??
    parseNetstat(run('netstat', ['-ano', '-p', 'TCPv6']), port);
  if (pid === null) return null;
  const row = run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
  return withProgram(pid, /^"([^"]+)"/m.exec(row)?.[1]);
}

/** Windows' `netstat -ano`: the listener is the row whose foreign port is 0, in every language of Windows. */
export function parseNetstat(output: string, port: number): number | null {
  for (const line of output.split('\n')) {
    const [protocol, local, foreign, , pid] = line.trim().split(/\s+/);
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) && foreign?.endsWith(':0') && pid)
      return Number(pid);
  }
  return null;
}

const withProgram = (pid: number, program: string | undefined): PortOwner =>
  program ? { pid, program } : { pid };

function run(command: string, args: string[]): string {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync(command, args, { encoding: 'utf8', timeout: 3000, stdio, windowsHide: true });
  } catch {
    return '';
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
