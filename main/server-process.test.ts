import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { ServerChild } from './electron-api.ts';
import { createServerProcess, productLimits } from './server-process.ts';
import type { ServerStatus } from './server-process.ts';

type FakeChild = ServerChild & EventEmitter & { heard: unknown[]; once: readonly string[] };

/** A clock whose timers run when the test says so. */
function createTimers() {
  const waiting: { task: () => void; at: number; id: NodeJS.Timeout }[] = [];
  let now = 0;
  let lastId = 0;
  return {
    now: () => now,
    setTimeout(task: () => void, delayMs: number) {
      const id = (lastId += 1) as unknown as NodeJS.Timeout; // only ever given back
      waiting.push({ task, at: now + delayMs, id });
      return id;
    },
    clearTimeout(id: NodeJS.Timeout | undefined) {
      const index = waiting.findIndex((timer) => timer.id === id);
      if (index >= 0) waiting.splice(index, 1);
    },
    /** What was due meanwhile runs when the computer wakes up, all at once and late. */
    sleep(ms: number) {
      now += ms;
      for (const timer of waiting.splice(0)) {
        if (timer.at <= now) timer.task();
        else waiting.push(timer);
      }
    },
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        waiting.splice(waiting.indexOf(next), 1);
        next.task();
      }
      now = until;
    },
  };
}

function arrange() {
  const timers = createTimers();
  const children: FakeChild[] = [];
  const statuses: ServerStatus[] = [];
  const events: unknown[] = [];
  const killed: string[] = [];
  const server = createServerProcess({
    fork(once) {
      const heard: unknown[] = [];
      const child = Object.assign(new EventEmitter(), {
        heard,
        once,
        pid: 100 + children.length,
        stdout: null,
        stderr: new EventEmitter() as unknown as NodeJS.ReadableStream, // only its chunks are listened to
        postMessage: (message: unknown) => void heard.push(message),
        kill: () => killed.push('asked') > 0,
      });
      const fake: unknown = child;
      children.push(fake as FakeChild); // `once` is the arguments here, an emitter's method there
      return fake as FakeChild; // as above
    },
    killHard: (pid) => void killed.push(String(pid)),
    timers,
    now: timers.now,
    limits: productLimits,
    onStatus: (status) => void statuses.push(status),
    onEvent: (name, payload) => void events.push({ name, payload }),
    onOutput: () => undefined,
    log: () => undefined,
  });
  const last = (): FakeChild => children.at(-1) ?? assert.fail('no process was started');
  return {
    server,
    timers,
    children,
    statuses,
    events,
    killed,
    last,
    phases: () => statuses.map(({ phase }) => phase),
  };
}

describe('the server process', () => {
  test('is running once it says so, and stops when asked', async () => {
    const { server, last, phases } = arrange();
    server.start();
    last().emit('message', { type: 'configured', dataDir: '/d', logsDir: '/d/logs' });
    last().emit('message', { type: 'ready', port: 5000 });
    assert.deepEqual(server.status(), { phase: 'running', port: 5000 });
    assert.deepEqual(server.folders(), { dataDir: '/d', logsDir: '/d/logs' });
    server.start();
    const stopped = server.stop();
    assert.deepEqual(last().heard, [{ type: 'stop' }]);
    last().emit('exit', 0);
    await stopped;
    assert.deepEqual(phases(), ['starting', 'running', 'stopping', 'stopped']);
  });

  test('that cannot start is a problem with its code, and is not tried again by itself', () => {
    const { server, last, children, timers } = arrange();
    server.start();
    last().emit('message', { type: 'failed', code: 'PORT_TAKEN', facts: { port: 5000, freePort: 5001 } });
    last().emit('exit', 2);
    timers.pass(3_600_000);
    assert.deepEqual(server.status(), {
      phase: 'problem',
      code: 'PORT_TAKEN',
      facts: { port: 5000, freePort: 5001 },
    });
    assert.equal(children.length, 1);
  });

  test('that crashes is started again after ever longer waits, then given up on', () => {
    const { server, last, children, timers, statuses } = arrange();
    server.start(['--start-empty']);
    assert.deepEqual(children[0]?.once, ['--start-empty']);
    for (const [index, delayMs] of productLimits.backOffMs.entries()) {
      last().emit('message', { type: 'ready', port: 5000 });
      last().stderr?.emit('data', Buffer.from('out of memory\n'));
      last().emit('exit', 1);
      timers.pass(delayMs - 1);
      assert.equal(children.length, index + 1);
      timers.pass(1);
      assert.equal(children.length, index + 2);
      // what was asked for once is not asked for again
      assert.deepEqual(last().once, []);
    }
    last().stderr?.emit('data', Buffer.from('first line\nout of memory\n'));
    last().emit('exit', 134);
    timers.pass(3_600_000);
    assert.deepEqual(statuses.at(-1), {
      phase: 'problem',
      code: 'SERVER_KEEPS_CRASHING',
      facts: { times: 5, exitCode: 134, reason: 'out of memory' },
    });
  });

  test('that crashes once a day is always started again', () => {
    const { server, last, children, timers } = arrange();
    server.start();
    for (let day = 0; day < 20; day += 1) {
      last().emit('message', { type: 'ready', port: 5000 });
      timers.pass(86_400_000);
      last().emit('exit', 1);
      timers.pass(500);
    }
    assert.equal(children.length, 21);
  });

  test('that never gets ready is ended, if need be by force', () => {
    const { server, last, timers, killed } = arrange();
    server.start();
    timers.pass(productLimits.readyMs);
    assert.deepEqual(killed, ['asked']);
    timers.pass(productLimits.killMs);
    assert.deepEqual(killed, ['asked', '100']);
    last().emit('exit', 1);
    assert.deepEqual(server.status(), { phase: 'problem', code: 'START_TIMED_OUT', facts: { seconds: 180 } });
  });

  test('that does not stop is ended, if need be by force', async () => {
    const { server, last, timers, killed } = arrange();
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    const stopped = server.stop();
    timers.pass(productLimits.stopMs + productLimits.killMs);
    assert.deepEqual(killed, ['asked', '100']);
    last().emit('exit', 1);
    await stopped;
    assert.deepEqual(server.status(), { phase: 'stopped' });
  });

  test('stopped while waiting for its next start stays stopped', async () => {
    const { server, last, children, timers } = arrange();
    server.start();
    last().emit('exit', 1);
    await server.stop();
    timers.pass(3_600_000);
    assert.equal(children.length, 1);
    assert.deepEqual(server.status(), { phase: 'stopped' });
  });

  test('stopped while it starts does not become running', async () => {
    const { server, last } = arrange();
    server.start();
    const stopped = server.stop();
    last().emit('message', { type: 'ready', port: 5000 });
    assert.equal(server.status().phase, 'stopping');
    last().emit('exit', 0);
    await stopped;
  });

  test('closed in the middle of somebody’s restart is not started again', async () => {
    const { server, last, children } = arrange();
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    // as the tray restarts it; the person quits before it is done
    const restarted = server.stop().then(() => server.start());
    const closed = server.close();
    last().emit('exit', 0);
    await Promise.all([restarted, closed]);
    assert.equal(children.length, 1);
    assert.deepEqual(server.status(), { phase: 'stopped' });
  });

  test('asked to stop again and again does not get more time for it', async () => {
    const { server, last, timers, killed } = arrange();
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    const stops = [server.stop()];
    for (let passed = 0; passed < productLimits.stopMs; passed += 1000) {
      timers.pass(1000);
      stops.push(server.stop());
    }
    timers.pass(productLimits.killMs);
    assert.deepEqual(killed, ['asked', '100']);
    assert.equal(last().heard.length, 1);
    last().emit('exit', 1);
    await Promise.all(stops);
  });

  test('ready when its time is over is ended all the same, and told as what it is', () => {
    const { server, last, timers, killed } = arrange();
    server.start();
    timers.pass(productLimits.readyMs);
    last().emit('message', { type: 'ready', port: 5000 });
    assert.equal(server.status().phase, 'starting');
    timers.pass(productLimits.killMs);
    assert.deepEqual(killed, ['asked', '100']);
    last().emit('exit', 0);
    assert.equal(server.status().phase, 'problem');
  });

  test('gets its time anew when the computer slept meanwhile', () => {
    const { server, last, timers, killed } = arrange();
    server.start();
    timers.sleep(productLimits.readyMs * 100);
    assert.deepEqual(killed, []);
    timers.pass(productLimits.readyMs - 1);
    last().emit('message', { type: 'ready', port: 5000 });
    last().emit('message', { type: 'restarting' });
    timers.sleep(productLimits.readyMs * 100);
    last().emit('message', { type: 'ready', port: 5000 });
    timers.pass(3_600_000);
    assert.deepEqual(killed, []);
    assert.deepEqual(server.status(), { phase: 'running', port: 5000 });
  });

  test('ended by somebody else in good order is stopped, not a crash', () => {
    const { server, last, children, timers } = arrange();
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    last().emit('exit', 0);
    timers.pass(3_600_000);
    assert.deepEqual(server.status(), { phase: 'stopped' });
    assert.equal(children.length, 1);
  });

  test('that restarts within itself is starting until it is ready', () => {
    const { server, last, phases } = arrange();
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    last().emit('message', { type: 'restarting' });
    last().emit('message', { type: 'ready', port: 5002 });
    assert.deepEqual(phases(), ['starting', 'running', 'starting', 'running']);
    assert.deepEqual(server.status(), { phase: 'running', port: 5002 });
  });

  test('answers each request once, and refuses what is left when it is gone', async () => {
    const { server, last, events } = arrange();
    assert.equal((await server.call('admin:overview', {})).ok, false);
    server.start();
    last().emit('message', { type: 'ready', port: 5000 });
    const first = server.call('admin:overview', {});
    const second = server.call('admin:stats', {});
    const broken = server.call('admin:log', {});
    last().emit('message', { type: 'answer', id: 2, answer: { ok: true, value: 'stats' } });
    last().emit('message', { type: 'answer', id: 3, answer: 'nonsense' });
    last().emit('message', { type: 'event', name: 'admin:sampled', payload: { n: 1 } });
    last().emit('message', { type: 'unheard of' });
    assert.deepEqual(await second, { ok: true, value: 'stats' });
    assert.deepEqual((await broken).ok, false);
    assert.deepEqual(events, [{ name: 'admin:sampled', payload: { n: 1 } }]);
    last().emit('exit', 1);
    const refused = await first;
    assert.equal(refused.ok ? '' : refused.code, 'SHUTTING_DOWN');
  });

  test('of which files are missing is a problem at once', () => {
    const statuses: ServerStatus[] = [];
    const { timers } = arrange();
    const server = createServerProcess({
      fork() {
        throw new Error('/app/dist/server/cli.js');
      },
      killHard: () => undefined,
      timers,
      now: timers.now,
      limits: productLimits,
      onStatus: (status) => void statuses.push(status),
      onEvent: () => undefined,
      onOutput: () => undefined,
      log: () => undefined,
    });
    server.start();
    assert.equal(statuses.at(-1)?.phase, 'problem');
    assert.equal(server.status().phase, 'problem');
  });
});
