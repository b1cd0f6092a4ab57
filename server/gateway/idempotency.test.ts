import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../app-error.ts';
import { createIdempotency, idempotencyKey } from './idempotency.ts';
import type { IdempotencyStore, Outcome, StoredAnswer } from './idempotency.ts';

function setUp() {
  const rows = new Map<string, StoredAnswer>();
  const store: IdempotencyStore = {
    find: async (owner, key) => rows.get(`${owner} ${key}`) ?? null,
    save: async ({ owner, key, ...row }) => void rows.set(`${owner} ${key}`, row),
  };
  const idempotency = createIdempotency(store, new Uint8Array(64).fill(1));
  let runs = 0;
  const work = async (): Promise<Outcome> => {
    runs += 1;
    return { value: { run: runs }, cookie: { token: 'secret-token', csrfToken: 'secret-csrf' } };
  };
  const ask = (input: unknown, key = 'k', owner = 'alice') =>
    idempotency.once({ owner, key, name: 'room:create', input, now: 0 }, work);
  return { rows, idempotency, ask, runs: () => runs };
}

test('a repeat gets the first outcome, cookies included', async () => {
  const { ask, runs } = setUp();
  const first = await ask({ a: 1, b: { c: 2, d: 3 } });
  assert.deepEqual(await ask({ b: { d: 3, c: 2 }, a: 1 }), first);
  assert.equal(runs(), 1);
});

test('the same key with another body is refused; another owner or key is another request', async () => {
  const { ask, runs } = setUp();
  await ask({ a: 1 });
  await assert.rejects(ask({ a: 2 }), { code: 'IDEMPOTENCY_MISMATCH' });
  await ask({ a: 2 }, 'k', 'bob');
  await ask({ a: 2 }, 'l');
  assert.equal(runs(), 3);
});

test('two at once run once', async () => {
  const { ask, runs } = setUp();
  const [first, second] = await Promise.all([ask({ a: 1 }), ask({ a: 1 })]);
  assert.deepEqual(first, second);
  assert.equal(runs(), 1);
});

test('a refusal is not kept, so that a repeat may succeed', async () => {
  const { idempotency, ask } = setUp();
  const refuse = async (): Promise<Outcome> => {
    throw new AppError('DISK_FULL');
  };
  await assert.rejects(
    idempotency.once({ owner: 'alice', key: 'k', name: 'room:create', input: { a: 1 }, now: 0 }, refuse),
    { code: 'DISK_FULL' },
  );
  assert.deepEqual((await ask({ a: 1 })).value, { run: 1 });
});

test('what is stored shows neither the answer nor the request', async () => {
  const { ask, rows } = setUp();
  await ask({ password: 'hunter2' });
  const stored = JSON.stringify([...rows]);
  for (const secret of ['secret-token', 'secret-csrf', 'hunter2', 'run']) {
    assert.ok(!stored.includes(secret), secret);
    assert.ok(!stored.includes(Buffer.from(secret).toString('base64url')), secret);
  }
});

test('a malformed key is refused by name', () => {
  assert.equal(idempotencyKey(undefined), null);
  assert.equal(idempotencyKey('abc-123'), 'abc-123');
  for (const key of ['', 'a b', '가', 'x'.repeat(201)]) {
    assert.throws(() => idempotencyKey(key), { code: 'INVALID_INPUT', field: 'Idempotency-Key' });
  }
});
