import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, succeed } from './failure.ts';
import type { Result } from './failure.ts';
import { createLaterActions } from './later-actions.ts';

type Counting = {
  double: (value: number) => Promise<Result<number>>;
  refuse: () => Promise<Result<void>>;
};

const counting = (): Counting => ({
  double: async (value) => succeed(value * 2),
  refuse: async () => fail('FORBIDDEN'),
});

test('the code comes with the first call, once, and passes input and result on', async () => {
  let loads = 0;
  const actions = createLaterActions<Counting>({ double: true, refuse: true }, async () => {
    loads += 1;
    return counting();
  });
  assert.equal(loads, 0);
  const results = await Promise.all([actions.double(2), actions.double(3), actions.refuse()]);
  assert.deepEqual(results, [succeed(4), succeed(6), fail('FORBIDDEN')]);
  assert.equal(loads, 1);
});

test('code that cannot come is OFFLINE, and is asked for again by the next call', async () => {
  let isServerThere = false;
  const actions = createLaterActions<Counting>({ double: true, refuse: true }, async () => {
    if (!isServerThere) throw new TypeError('Failed to fetch dynamically imported module');
    return counting();
  });
  assert.deepEqual(await actions.double(2), fail('OFFLINE'));
  isServerThere = true;
  assert.deepEqual(await actions.double(2), succeed(4));
});
