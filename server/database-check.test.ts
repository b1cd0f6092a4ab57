import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleDatabaseCheck } from './database-check.ts';

test('damage is reported once it is found, and a stopped server begins no check', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reported: unknown[] = [];
  const start = (quickCheck: () => Promise<{ isSound: false; problems: string[] } | { isSound: true }>) =>
    scheduleDatabaseCheck({
      quickCheck,
      onDamage: (problems) => reported.push(problems),
      onBug: (error) => reported.push(error),
    });
  const damaged = start(async () => ({ isSound: false, problems: ['row 3 missing from index'] }));
  const sound = start(async () => ({ isSound: true }));
  const stopped = start(() => Promise.reject(new Error('must not run')));
  stopped.stop();
  t.mock.timers.tick(60_000);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(reported, [['row 3 missing from index']]);
  assert.deepEqual([damaged.isDamaged(), sound.isDamaged(), stopped.isDamaged()], [true, false, false]);
});
