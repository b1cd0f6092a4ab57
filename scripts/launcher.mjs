// npm runs a script through a shell. A signal to npm kills that shell, which tells nobody: whoever it was running goes on alone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const pollMs = 400;

/**
 * Calls `onGone` once npm, or the shell between npm and us, is no more. Only for scripts that npm started: others may well
 * outlive what started them (`node scripts/start.mjs &` in a terminal that is closed).
 * @param {() => void} onGone
 * @returns {() => void} stops watching
 */
export function watchLauncher(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const npm = parentOfShell(parent);
  const timer = setInterval(() => {
    // Windows never changes a ppid; elsewhere it becomes 1 or that of a reaper
    const isParentThere = process.platform === 'win32' ? isAlive(parent) : process.ppid === parent;
    if (isParentThere && (npm === null || isAlive(npm))) return;
    clearInterval(timer);
    onGone();
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * The process above the shell that runs our command line; null if there is no shell in between, or no way to know.
 * @param {number} pid
 */
function parentOfShell(pid) {
  const { parent, command } = process.platform === 'linux' ? byProc(pid) : byPs(pid);
  return parent > 1 && /\bsh\b.* -c /.test(command.replaceAll('\0', ' ')) ? parent : null;
}

/** @param {number} pid */
function byProc(pid) {
  try {
    // the name in brackets may itself hold spaces and brackets: the fields after it begin at the last one
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
  } catch {
    return { parent: 0, command: '' };
  }
}

/** @param {number} pid */
function byPs(pid) {
  if (process.platform === 'win32') return { parent: 0, command: '' };
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 2000,
  });
  const [, parent = '0', command = ''] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
  return { parent: Number(parent), command };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
