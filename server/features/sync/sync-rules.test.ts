import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRooms, isCacheStale, planChanges } from './sync-rules.ts';

const facts = {
  generation: 'g',
  serverGeneration: 'g',
  peopleRev: 3,
  serverPeopleRev: 3,
  known: [{ roomUid: 'a', rev: 5 }],
  rooms: [{ uid: 'a', rev: 5 }],
};

test('a cache is stale after a restore and only then', () => {
  assert.equal(isCacheStale(facts), false);
  assert.equal(isCacheStale({ ...facts, generation: undefined }), false);
  assert.equal(isCacheStale({ ...facts, serverGeneration: 'h' }), true);
  assert.equal(isCacheStale({ ...facts, peopleRev: 4 }), true);
  assert.equal(isCacheStale({ ...facts, known: [{ roomUid: 'a', rev: 6 }] }), true);
  assert.equal(isCacheStale({ ...facts, known: [{ roomUid: 'gone', rev: 900 }] }), false);
});

test('rooms are fresh, changed, unchanged or gone', () => {
  const known = [
    { roomUid: 'same', rev: 2 },
    { roomUid: 'old', rev: 2 },
    { roomUid: 'left', rev: 2 },
  ];
  const rooms = ['same', 'old', 'new'].map((uid) => ({ uid, rev: uid === 'old' ? 7 : 2 }));
  const comparison = compareRooms(known, rooms);
  assert.deepEqual(comparison.fresh, [{ uid: 'new', rev: 2 }]);
  assert.deepEqual(comparison.changed, [{ room: { uid: 'old', rev: 7 }, since: 2 }]);
  assert.deepEqual(comparison.gone, ['left']);
});

test('a wide gap is a reset, and one answer has a bound', () => {
  const wish = (rev: number, since: number | null) => ({ room: { uid: 'r', rev }, since });
  const resets = (...wishes: ReturnType<typeof wish>[]) =>
    planChanges(wishes, 50).map((plan) => plan.isReset);
  assert.deepEqual(resets(wish(51, 1), wish(52, 1), wish(1, null)), [false, true, true]);
  const many = Array.from({ length: 40 }, () => wish(900, 1));
  const tails = planChanges(many, 50).map((plan) => plan.tail);
  assert.deepEqual(
    tails,
    tails.map((_tail, index) => (index < 20 ? 50 : 1)),
  );
});
