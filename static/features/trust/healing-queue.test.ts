import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createHealingQueue } from './healing-queue.ts';

/** Lets what was awaited go on. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

function setUp(answer: (roomUid: string) => Result<void> = () => succeed(undefined)) {
  const timers = createManualTimers();
  const line = { isUp: true };
  const healed: [roomUid: string, at: number][] = [];
  let underWay = 0;
  let most = 0;
  const queue = createHealingQueue({
    timers,
    isOnline: () => line.isUp,
    heal: async (roomUid) => {
      underWay += 1;
      most = Math.max(most, underWay);
      healed.push([roomUid, timers.now()]);
      await Promise.resolve();
      underWay -= 1;
      return answer(roomUid);
    },
  });
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 100) {
      timers.advance(100);
      await settled();
    }
  };
  return { queue, line, healed, pass, mostAtOnce: () => most };
}

test('500 rooms are healed one after another, with pauses', async () => {
  const { queue, healed, pass, mostAtOnce } = setUp();
  for (let room = 0; room < 500; room += 1) queue.add(`room${room}`, 0);
  await pass(60_000);
  const { length } = healed;
  assert.ok(length > 100 && length < 160, `${length} in a minute`);
  await pass(200_000);
  assert.deepEqual([healed.length, mostAtOnce()], [500, 1]);
});

test('a room that is asked for twice is healed once, at the earlier time, and again when asked again', async () => {
  const { queue, healed, pass } = setUp();
  queue.add('room', 60_000);
  queue.add('room', 1_000);
  queue.add('other', 0);
  await pass(2_000);
  assert.deepEqual(
    healed.map(([roomUid]) => roomUid),
    ['other', 'room'],
  );
  await pass(120_000);
  assert.equal(healed.length, 2);
  queue.add('room', 0);
  await pass(1_000);
  assert.equal(healed.length, 3);
});

test('a refusal that may pass holds all of it back, longer each time, and not for ever', async () => {
  const { queue, healed, pass } = setUp((roomUid) =>
    roomUid === 'refused' ? fail('RATE_LIMITED') : succeed(undefined),
  );
  queue.add('refused', 0);
  queue.add('other', 0);
  await pass(4_000);
  assert.deepEqual(
    healed.map(([roomUid]) => roomUid),
    ['refused'],
  );
  await pass(5 * 60_000);
  const times = healed.filter(([roomUid]) => roomUid === 'refused').map(([, at]) => at);
  assert.equal(times.length, 6);
  const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  assert.ok(
    pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] ?? 0)),
    pauses.join(),
  );
  assert.ok(healed.some(([roomUid]) => roomUid === 'other'));
});

test('without a line nothing is tried, and it goes on when the line is back', async () => {
  const { queue, line, healed, pass } = setUp();
  line.isUp = false;
  queue.add('room', 0);
  await pass(5_000);
  assert.equal(healed.length, 0);
  line.isUp = true;
  queue.wake();
  await pass(1_000);
  assert.equal(healed.length, 1);
  queue.add('room', 0);
  queue.stop();
  await pass(1_000);
  assert.equal(healed.length, 1);
});
