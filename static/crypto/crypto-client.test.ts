import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCryptoClient } from './crypto-client.ts';
import type { PageToWorker, WorkerToPage } from './worker-messages.ts';

/** Stands in for a worker: what the page posts is kept, what the worker says is dispatched by the test. */
function createFakeWorker() {
  const posted: PageToWorker[] = [];
  const target = new EventTarget();
  const worker = {
    addEventListener: target.addEventListener.bind(target),
    postMessage: (message: PageToWorker) => posted.push(message),
    terminate: () => undefined,
  };
  return {
    // Only what the client uses of a Worker is there.
    worker: worker as unknown as Worker,
    posted,
    say: (data: WorkerToPage) => target.dispatchEvent(new MessageEvent('message', { data })),
    crash: () => target.dispatchEvent(new Event('error')),
  };
}

function setUp() {
  const engine = createFakeWorker();
  const argon2 = createFakeWorker();
  const calls = { pinsChanged: 0, engines: 0, argon2s: 0 };
  const client = createCryptoClient({
    createCryptoWorker: () => {
      calls.engines += 1;
      return engine.worker;
    },
    createArgon2Worker: () => {
      calls.argon2s += 1;
      return argon2.worker;
    },
    deviceId: 'device',
    storage: { get: async (key) => `stored ${key}`, put: () => Promise.reject(new Error('full')) },
    fetchRecords: async () => [],
    fetchStatements: async () => [],
    pinsChanged: () => {
      calls.pinsChanged += 1;
    },
  });
  return { client, engine, argon2, calls };
}

test('a call goes out as a message and its result comes back, in any order', async () => {
  const { client, engine } = setUp();
  const first = client.sealDraft('room', 1, 'a');
  const second = client.openDraft('room', 1, 'b');
  const [, one, two] = engine.posted;
  assert.ok(one?.type === 'call' && two?.type === 'call');
  assert.deepEqual([one.method, one.input], ['sealDraft', ['room', 1, 'a']]);
  engine.say({ type: 'result', id: two.id, ok: true, value: null });
  engine.say({ type: 'result', id: one.id, ok: true, value: 'sealed' });
  assert.deepEqual([await first, await second], ['sealed', null]);
});

test('a refusal arrives as a CryptoError with its code and subject', async () => {
  const { client, engine } = setUp();
  const call = client.finishRegistration();
  engine.say({ type: 'result', id: 1, ok: false, error: { code: 'BAD_STATEMENT', subject: 'bob' } });
  await assert.rejects(call, { name: 'CryptoError', code: 'BAD_STATEMENT', subject: 'bob' });
});

test('the worker’s asks are answered by the page, and a failure is only named', async () => {
  const { client, engine, calls } = setUp();
  client.warmUp({ hasPassword: false });
  engine.say({ type: 'ask', id: 7, name: 'storageGet', input: ['key'] });
  engine.say({ type: 'ask', id: 8, name: 'storagePut', input: ['key', 'value'] });
  engine.say({ type: 'pins-changed' });
  await new Promise(setImmediate);
  const answers = engine.posted.slice(1);
  assert.deepEqual(answers, [
    { type: 'answer', id: 7, ok: true, value: 'stored key' },
    { type: 'answer', id: 8, ok: false, error: { code: 'WORKER_FAILED' } },
  ]);
  assert.equal(calls.pinsChanged, 1);
});

test('a dead worker fails what is under way and what comes after', async () => {
  const { client, engine } = setUp();
  const call = client.lock();
  engine.say({ type: 'pins-changed' });
  engine.crash();
  await assert.rejects(call, { code: 'WORKER_FAILED' });
  await assert.rejects(client.lock(), { code: 'WORKER_FAILED' });
});

test('a worker that never came is made again for the next call', async () => {
  const { client, engine, calls } = setUp();
  const call = client.lock();
  engine.crash();
  await assert.rejects(call, { code: 'WORKER_FAILED' });
  const next = client.lock();
  engine.say({ type: 'result', id: 2, ok: true, value: undefined });
  await next;
  assert.equal(calls.engines, 2);
});

test('no worker starts before it is needed, and each only once', async () => {
  const { client, engine, calls } = setUp();
  assert.deepEqual([calls.engines, calls.argon2s], [0, 0]);
  client.warmUp({ hasPassword: false });
  void client.deriveAuthKey('password', 'salt', { memoryKiB: 65_536, iterations: 3, parallelism: 1 });
  assert.deepEqual([calls.engines, calls.argon2s], [1, 0]);
  engine.say({ type: 'argon2-wanted' });
  client.warmUp({ hasPassword: true });
  assert.deepEqual([calls.engines, calls.argon2s], [1, 1]);
  assert.deepEqual(
    engine.posted.map(({ type }) => type),
    ['start', 'call', 'argon2-connected'],
  );
});

test('an Argon2 worker that died is reported to the engine and made again when it is wanted', () => {
  const { client, engine, argon2, calls } = setUp();
  client.warmUp({ hasPassword: true });
  argon2.crash();
  assert.equal(engine.posted.at(-1)?.type, 'argon2-failed');
  engine.say({ type: 'argon2-wanted' });
  assert.equal(calls.argon2s, 2);
  assert.equal(engine.posted.at(-1)?.type, 'argon2-connected');
});
