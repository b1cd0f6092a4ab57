import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MyItem } from '#contract/my-items.ts';
import { emptyMy, keptMy, readKeptMy, withMyChanges, withMyEvent } from './my-state.ts';

const favourite = (key: string, favouriteRank: number, rev: number): MyItem => ({
  kind: 'room',
  key,
  value: { favouriteRank },
  rev,
});
const saved = (key: string, seq: number, rev: number): MyItem => ({
  kind: 'saved',
  key,
  value: { roomUid: 'room', seq, at: 1 },
  rev,
});

describe('what is one’s own', () => {
  test('is replaced by a whole answer and changed by a part of it', () => {
    const all = withMyChanges(emptyMy(), {
      rev: 4,
      isReset: true,
      items: [favourite('a', 1, 2), saved('m', 7, 4)],
    });
    assert.deepEqual([all.rev, all.rooms.get('a')?.favouriteRank, all.saved.get('m')?.seq], [4, 1, 7]);
    const part = withMyChanges(all, {
      rev: 6,
      isReset: false,
      items: [favourite('b', 2, 5), { kind: 'saved', key: 'm', value: null, rev: 6 }],
    });
    assert.deepEqual([part.rev, [...part.rooms.keys()], part.saved.size], [6, ['a', 'b'], 0]);
    const reset = withMyChanges(part, { rev: 1, isReset: true, items: [] });
    assert.deepEqual([reset.rev, reset.rooms.size], [1, 0]);
  });

  test('takes the next event, ignores an old one and sees a gap', () => {
    const state = withMyChanges(emptyMy(), { rev: 3, isReset: true, items: [] });
    assert.equal(withMyEvent(state, { rev: 3, items: [favourite('a', 1, 3)] }), state);
    assert.equal(withMyEvent(state, { rev: 4, items: [favourite('a', 1, 4)] })?.rooms.size, 1);
    assert.equal(withMyEvent(state, { rev: 5, items: [] }), null);
  });

  test('does not go back to an answer that an event has overtaken', () => {
    const state = withMyChanges(emptyMy(), { rev: 3, isReset: true, items: [favourite('a', 1, 3)] });
    const late = { rev: 2, isReset: false, items: [favourite('a', 9, 2)] };
    assert.equal(withMyChanges(state, late), state);
  });

  test('is kept between two visits, and nothing is made of what cannot be read', () => {
    const state = withMyChanges(emptyMy(), {
      rev: 3,
      isReset: true,
      items: [favourite('a', 1, 3), saved('m', 7, 2)],
    });
    assert.deepEqual(readKeptMy(keptMy(state)), state);
    for (const text of [null, '', '{', '{"rev":1}']) assert.deepEqual(readKeptMy(text), emptyMy());
  });
});
