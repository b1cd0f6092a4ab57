import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../state/clock.ts';
import { fail } from '../state/failure.ts';
import { createManualTimers } from '../testing/manual-timers.tests.ts';
import { startClockWatch } from './clock-watch.ts';
import type { Call } from './socket-connection.ts';

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const createRig = () => {
  const timers = createManualTimers();
  let elapsed = 0;
  let asked = 0;
  const server = { isReachable: true };
  const clock = createClock(timers.now);
  const answer = async () => {
    asked += 1;
    return server.isReachable ? { ok: true, value: { serverTime: elapsed } } : fail('OFFLINE');
  };
  // The only request that is made here is `server:info`.
  const call = answer as unknown as Call;
  const stop = startClockWatch({ timers, monotonicNow: () => elapsed, clock, call });
  const pass = async (ms: number): Promise<void> => {
    for (let step = 0; step < ms; step += 1_000) {
      elapsed += 1_000;
      timers.advance(1_000);
      await settled();
    }
  };
  return { timers, clock, server, stop, pass, elapsed: () => elapsed, asked: () => asked };
};

test('a clock that is set back costs a wrong time for half a minute at most', async () => {
  const { timers, clock, pass, elapsed, asked } = createRig();
  await pass(90_000);
  assert.equal(asked(), 0);
  timers.setBack(3_600_000);
  await pass(30_000);
  assert.equal(asked(), 1);
  assert.equal(clock.now(), elapsed());
  await pass(300_000);
  assert.equal(asked(), 1, 'once is enough');
});

test('a server that cannot be asked now is asked at the next look', async () => {
  const { timers, clock, server, pass, elapsed, asked } = createRig();
  server.isReachable = false;
  timers.setBack(60_000);
  await pass(30_000);
  server.isReachable = true;
  await pass(30_000);
  assert.equal(asked(), 2);
  assert.equal(clock.now(), elapsed());
});

test('nothing is asked after the end of the session', async () => {
  const { timers, stop, pass, asked } = createRig();
  stop();
  timers.setBack(60_000);
  await pass(120_000);
  assert.equal(asked(), 0);
});
