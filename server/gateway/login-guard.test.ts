import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoginGuard } from './login-guard.ts';

function guardAt(start: number) {
  let time = start;
  const guard = createLoginGuard(() => time);
  const failTimes = (count: number, address = '192.168.0.7'): void => {
    for (let index = 0; index < count; index += 1) guard.failed('bob', address);
  };
  return { guard, failTimes, pass: (ms: number) => void (time += ms) };
}

const locked = (retryAfterMs: number) => ({ code: 'LOCKED_OUT', retryAfterMs });

test('five wrong passwords lock out, and the wait doubles with each further one', () => {
  const { guard, failTimes, pass } = guardAt(1_000_000);
  failTimes(4);
  guard.check('bob', '192.168.0.7');
  failTimes(1);
  assert.throws(() => guard.check('bob', '192.168.0.7'), locked(15_000));
  pass(15_000);
  guard.check('bob', '192.168.0.7');
  failTimes(1);
  assert.throws(() => guard.check('bob', '192.168.0.7'), locked(30_000));
  failTimes(20);
  assert.throws(() => guard.check('bob', '192.168.0.7'), locked(15 * 60_000));
});

test('nobody can lock a colleague out from another address', () => {
  const { guard, failTimes } = guardAt(0);
  failTimes(10, '192.168.0.66');
  guard.check('bob', '192.168.0.7');
  guard.check('carol', '192.168.0.66');
});

test('the right password, or an hour without a wrong one, forgets the wrong ones', () => {
  const { guard, failTimes, pass } = guardAt(0);
  failTimes(4);
  guard.succeeded('bob', '192.168.0.7');
  failTimes(4);
  guard.check('bob', '192.168.0.7');
  pass(60 * 60_000);
  failTimes(4);
  guard.check('bob', '192.168.0.7');
});

test('made-up names do not fill the memory, and lock-outs are counted', () => {
  const { guard, failTimes } = guardAt(0);
  failTimes(5);
  assert.equal(guard.lockOuts(), 1);
  for (let index = 0; index < 20_000; index += 1) guard.failed(`name-${index}`, '192.168.0.7');
  guard.check('bob', '192.168.0.7'); // the oldest entry made room
});
