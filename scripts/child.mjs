// Child processes that neither outlive this one nor lose their signals and exit codes on the way.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { watchLauncher } from './launcher.mjs';

/** @type {NodeJS.Signals[]} */
const forwarded =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];

/**
 * Runs a program in this terminal until it ends, and gives its exit code (128 + n if signal n ended it). Signals are passed
 * on. With `isHosted` the child has a channel to us: it stops by itself when we die, whatever killed us, and on Windows,
 * where a signal would kill it on the spot, it is asked over the channel.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, isHosted?: boolean }} [options]
 * @returns {Promise<number>}
 */
export function runChild(command, args, { cwd, env, isHosted = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: isHosted ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      if (isHosted && process.platform === 'win32') {
        if (child.connected) child.send({ type: 'stop' });
      } else {
        child.kill(signal);
      }
    };
    for (const signal of forwarded) process.on(signal, forward);
    const stopWatching = watchLauncher(() => forward('SIGTERM'));
    const settle = () => {
      stopWatching();
      for (const signal of forwarded) process.off(signal, forward);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
