import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochOfEnvelope, pageRange, sendProblem } from './message-rules.ts';

test('the epoch is read from the envelope', () => {
  assert.equal(epochOfEnvelope('m1.12.AAAA'), 12);
});

test('reasons to refuse a message come in a fixed order', () => {
  const fine = { epoch: 3, roomEpoch: 3, isRekeyNeeded: false, isPeerAbsent: false, mayPost: true };
  assert.equal(sendProblem(fine), null);
  assert.equal(sendProblem({ ...fine, epoch: 2 }), 'STALE_EPOCH');
  assert.equal(sendProblem({ ...fine, epoch: 4 }), 'STALE_EPOCH');
  assert.equal(sendProblem({ ...fine, epoch: 2, isRekeyNeeded: true }), 'REKEY_NEEDED');
  assert.equal(sendProblem({ ...fine, isRekeyNeeded: true, isPeerAbsent: true }), 'PERSON_DISABLED');
  assert.equal(sendProblem({ ...fine, isRekeyNeeded: true, mayPost: false }), 'POSTING_RESTRICTED');
});

test('a page is a range of readable seqs', () => {
  const limit = 10;
  const cases: [Parameters<typeof pageRange>[0], number, number, object | null][] = [
    [{ limit }, 1, 100, { from: 91, to: 100 }],
    [{ limit }, 1, 4, { from: 1, to: 4 }],
    [{ limit, before: 91 }, 1, 100, { from: 81, to: 90 }],
    [{ limit, before: 5 }, 3, 100, { from: 3, to: 4 }],
    [{ limit, before: 500 }, 1, 100, { from: 91, to: 100 }],
    [{ limit, after: 90 }, 1, 95, { from: 91, to: 95 }],
    [{ limit, after: 0 }, 40, 95, { from: 40, to: 49 }],
    [{ limit, around: 50 }, 1, 100, { from: 45, to: 54 }],
    [{ limit, around: 2 }, 1, 100, { from: 1, to: 10 }],
    [{ limit, around: 99 }, 1, 100, { from: 91, to: 100 }],
    [{ limit, around: 999 }, 1, 100, { from: 91, to: 100 }],
    [{ limit, around: 5, before: 9 }, 1, 100, null],
  ];
  for (const [wish, first, last, expected] of cases) {
    assert.deepEqual(pageRange(wish, first, last), expected, JSON.stringify(wish));
  }
});
