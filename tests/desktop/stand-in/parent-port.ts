/** Runs first in a utility process: what Electron gives it in place of Node's channel to a parent. */
import { EventEmitter } from 'node:events';

const send = process.send?.bind(process);
const port = new EventEmitter();
const early: unknown[] = [];

process.on('message', (data) => {
  // messages wait for the first listener
  if (port.listenerCount('message') === 0) early.push(data);
  else port.emit('message', { data, ports: [] });
});
port.on('newListener', (event) => {
  if (event !== 'message' || port.listenerCount('message') > 0) return;
  setImmediate(() => {
    for (const data of early.splice(0)) port.emit('message', { data, ports: [] });
  });
});
// Chromium ends its children when it is gone
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

Object.defineProperties(process, {
  parentPort: { value: Object.assign(port, { postMessage: (message: unknown) => void send?.(message) }) },
  send: { value: undefined },
  type: { value: 'utility' },
});
