// A lock between processes of one machine: one of them installs or bundles, the others wait and then find it done.
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const pollMs = 200;
// breaking a stale lock takes microseconds; a breaker that is older than this died doing it
const breakerLimitMs = 30_000;

/**
 * Holds `file` while `work` runs; waits while another living process holds it. `work` gets a function that names a child as
 * a further holder: should we be killed, the lock stands until the child is done as well.
 * @template Value
 * @param {string} file
 * @param {(holder: number) => void} onWait  told once, with the process that holds it
 * @param {(addHolder: (pid: number) => void) => Promise<Value>} work
 * @returns {Promise<Value>}
 */
export async function withLock(file, onWait, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let hasWaited = false;
  while (!create(file)) {
    const holders = holdersOf(file);
    if (holders.length > 0 && !holders.some(isAlive)) {
      breakLock(file, holders);
      continue;
    }
    if (!hasWaited && holders[0] !== undefined) {
      hasWaited = true;
      onWait(holders[0]);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  try {
    return await work((pid) => appendFileSync(file, ` ${pid}`));
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function create(file) {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    // EPERM: Windows, while another process is deleting the file
    if (isCode(error, 'EEXIST') || (isCode(error, 'EPERM') && process.platform === 'win32')) return false;
    throw error;
  }
}

/**
 * Two waiters may see the same stale lock; a second lock decides who removes it, and it is looked at again under that one,
 * so that nobody removes the fresh lock of somebody quicker.
 * @param {string} file @param {readonly number[]} holders
 */
function breakLock(file, holders) {
  const breaker = `${file}.breaker`;
  if (!create(breaker)) {
    try {
      if (Date.now() - statSync(breaker).mtimeMs > breakerLimitMs) rmSync(breaker, { force: true });
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
    return;
  }
  try {
    const present = holdersOf(file);
    if (String(present) === String(holders) && !present.some(isAlive)) rmSync(file, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

/**
 * The processes that hold the lock; none if it is being written at this moment or is gone.
 * @param {string} file
 */
function holdersOf(file) {
  try {
    return readFileSync(file, 'utf8')
      .split(' ')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    return isCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
const isCode = (error, code) => error instanceof Error && 'code' in error && error.code === code;
