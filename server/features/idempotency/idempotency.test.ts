import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createTestClock } from '../../testing/test-clock.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { createIdempotencyStore } from './idempotency-store.ts';

const dayMs = 24 * 60 * 60_000;

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(() => opened.close());

test('an answer is found by owner and key for a day and then removed', async () => {
  const clock = createTestClock();
  const store = createIdempotencyStore({ ...opened, clock, onBug: assert.ifError });
  const now = clock.now();
  const row = { requestDigest: 'digest', answer: 'answer' };
  await store.save({ owner: 'alice', key: 'k', now, ...row });
  assert.deepEqual(await store.find('alice', 'k', now), row);
  assert.equal(await store.find('bob', 'k', now), null);
  assert.equal(await store.find('alice', 'l', now), null);
  assert.equal(await store.find('alice', 'k', now + dayMs), null);
  // before the clean-up has come round, the key can be used anew
  await store.save({ owner: 'alice', key: 'k', now: now + dayMs, ...row, answer: 'second' });
  assert.equal((await store.find('alice', 'k', now + dayMs))?.answer, 'second');
  clock.advance(2 * dayMs);
  await store.removeOld();
  const left = await opened.database.read.selectFrom('idempotency_keys').selectAll().execute();
  assert.deepEqual(left, []);
});
