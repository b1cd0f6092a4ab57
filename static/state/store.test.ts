import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onDroppedError } from './drop.ts';
import { createStore } from './store.ts';

test('one broken view does not keep the others from learning of a change', () => {
  const reported: unknown[] = [];
  onDroppedError((error) => reported.push(error));
  const store = createStore({ count: 0 });
  const seen: number[] = [];
  store.subscribe(
    ({ count }) => count,
    () => {
      throw new Error('a broken view');
    },
  );
  store.subscribe(
    ({ count }) => count,
    (count) => seen.push(count),
  );
  store.set({ count: 1 });
  store.set({ count: 2 });
  assert.deepEqual(seen, [1, 2]);
  assert.equal(reported.length, 2);
});
