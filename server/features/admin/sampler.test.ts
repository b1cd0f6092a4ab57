import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestClock } from '../../testing/test-clock.ts';
import type { Reading } from './sample-rules.ts';
import { createSampler } from './sampler.ts';

const reading = (at: number): Reading => ({
  at,
  connections: 0,
  peopleOnline: 0,
  requests: 0,
  refused: 0,
  failed: 0,
  messages: 0,
  deliveries: 0,
  rateLimited: 0,
  failedSignIns: 0,
  lockOuts: 0,
  responseTimes: { boundsMs: [], counts: [] },
  cpuMicros: 0,
  memoryBytes: 0,
  loopDelayP99Ms: 0,
  walBytes: 0,
  databaseBytes: 0,
  diskFreeBytes: null,
  diskTotalBytes: null,
});

function arrange() {
  const clock = createTestClock({ isStill: true });
  const told: string[][] = [];
  const administrators = new Set([1, 2]);
  let setBackMs = 0;
  const sampler = createSampler({
    read: async () => reading(clock.now() - setBackMs),
    startedAt: 0,
    clock,
    isConnected: () => true,
    administrators: async () => administrators,
    tell: ({ socketIds }) => void told.push(socketIds),
    onBug: (error) => assert.fail(String(error)),
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    sampler,
    told,
    administrators,
    setBack: (ms: number) => (setBackMs = ms),
    second: async () => {
      clock.advance(1_000);
      await settle();
    },
    settle,
  };
}

test('who is no administrator any more gets no further sample, on a page that is still open', async () => {
  const { sampler, told, administrators, second, settle } = arrange();
  sampler.start();
  await settle();
  sampler.watch({ kind: 'socket', socketId: 'one', userId: 1 }, true);
  sampler.watch({ kind: 'socket', socketId: 'two', userId: 2 }, true);
  await settle();
  await second();
  assert.deepEqual(told.at(-1), ['one', 'two']);
  administrators.delete(1);
  await second();
  assert.deepEqual(told.at(-1), ['two']);
  administrators.delete(2);
  const count = told.length;
  await second();
  assert.equal(told.length, count);
  assert.equal(sampler.isWatched(), false);
  sampler.stop();
});

test('a clock that is set back by years does not pile samples up', async () => {
  const { sampler, setBack, second, settle } = arrange();
  sampler.start();
  await settle();
  sampler.watch({ kind: 'host' }, true);
  await settle();
  for (let count = 0; count < 100; count += 1) await second();
  setBack(5 * 365 * 86_400_000);
  for (let count = 0; count < 400; count += 1) await second();
  assert.ok(sampler.samples().length <= 300, String(sampler.samples().length));
  sampler.stop();
});
