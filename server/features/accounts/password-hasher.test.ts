import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createPasswordHasher } from './password-hasher.ts';

const hasher = createPasswordHasher({
  workerEntry: new URL('./password-worker.ts', import.meta.url),
  cost: 10,
});
after(() => hasher.close());

test('a hash fits its own key only, and nothing fits no hash', async () => {
  const hash = await hasher.hash('right');
  assert.match(hash, /^\$2b\$10\$/);
  assert.equal(await hasher.verify('right', hash), true);
  assert.equal(await hasher.verify('wrong', hash), false);
  assert.equal(await hasher.verify('right', null), false);
});

test('without a hash the same work is done', async () => {
  const hash = await hasher.hash('right');
  const measure = async (stored: string | null): Promise<number> => {
    const start = performance.now();
    await hasher.verify('wrong', stored);
    return performance.now() - start;
  };
  let [known, unknown] = [Infinity, Infinity];
  // in turns, so that a busy machine slows both alike, and until both had a turn that nothing else slowed
  for (let i = 0; i < 5 || (i < 50 && unknown <= known / 2); i += 1) {
    known = Math.min(known, await measure(hash));
    unknown = Math.min(unknown, await measure(null));
  }
  // far apart from the fraction of a millisecond that a skipped hash would take
  assert.ok(unknown > known / 2, `${unknown} ms against ${known} ms`);
});
