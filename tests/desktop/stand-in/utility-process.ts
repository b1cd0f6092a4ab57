/** `utilityProcess.fork`: a real child process that finds a `process.parentPort`, and no `process.send`. */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { ChildEvents, ElectronApi, ServerChild } from '../../../main/electron-api.ts';
import { createEmitter } from './emitter.ts';

export const utilityProcess: ElectronApi['utilityProcess'] = {
  fork(file, args, { env, cwd }): ServerChild {
    const child = fork(file, args, {
      execArgv: ['--import', path.join(import.meta.dirname, 'parent-port.ts')],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    const events = createEmitter<ChildEvents>();
    child.on('message', (message) => events.emit('message', message));
    child.once('exit', (code, signal) => events.emit('exit', code ?? (signal === null ? 0 : 1)));
    return {
      on: events.on,
      get pid() {
        return child.pid;
      },
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage(message) {
        if (child.connected) child.send(message as object); // Electron takes anything; the app sends objects
      },
      kill: () => child.kill('SIGTERM'),
    };
  },
};
