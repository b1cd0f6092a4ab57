import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { restoreBackup } from './backup-restore.ts';
import type { ServerChild } from './electron-api.ts';

function createChild() {
  const events = new EventEmitter();
  const child: ServerChild = {
    pid: 1,
    kill: () => true,
    postMessage: () => undefined,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    on: (name: string, listener: (...args: never[]) => void) =>
      events.on(name, listener as (...args: unknown[]) => void), // the test emits what the listener takes
  };
  return { events, child };
}

describe('restoring without a server', () => {
  test('runs the command, and is done when it ends well', async () => {
    const { events, child } = createChild();
    const asked: (readonly string[])[] = [];
    const result = restoreBackup('/b/maru.db', (args) => {
      asked.push(args);
      return child;
    });
    events.emit('exit', 0);
    assert.equal(await result, null);
    assert.deepEqual(asked, [['restore', '/b/maru.db']]);
  });

  test('says why it was refused, in the code that the command gave', async () => {
    const { events, child } = createChild();
    const result = restoreBackup('/b/maru.db', () => child);
    events.emit('message', { type: 'failed', code: 'BACKUP_DAMAGED', facts: { path: '/b/maru.db' } });
    events.emit('exit', 2);
    assert.equal(await result, 'BACKUP_DAMAGED');
  });

  test('a crash, nonsense, and a program that is not there are failures', async () => {
    const { events, child } = createChild();
    const crashed = restoreBackup('/b/maru.db', () => child);
    events.emit('message', { type: 'what' });
    events.emit('exit', 1);
    assert.equal(await crashed, 'INTERNAL');
    const missing = restoreBackup('/b/maru.db', () => {
      throw new Error('no such file');
    });
    assert.equal(await missing, 'INTERNAL');
  });
});
