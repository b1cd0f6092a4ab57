import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Member } from '#contract/rooms.ts';
import { readersOf } from './readers-state.ts';
import { countedMembers, createUnreadCounter, isReadingShown } from './reading-state.ts';

const member = (userUid: string, joinedSeq: number, readSeq: number): Member => ({
  userUid,
  joinedSeq,
  readSeq,
  joinedAt: 0,
  role: 'member',
});

describe('who has read', () => {
  test('people whose account is not in use are not waited for', () => {
    const members = [member('alice', 1, 0), member('bob', 1, 0), member('carol', 1, 0), member('dave', 1, 0)];
    const people = new Map([
      ['alice', { state: 'active' as const }],
      ['bob', { state: 'disabled' as const }],
      ['carol', { state: 'deleted' as const }],
    ]);
    const counted = countedMembers(members, people);
    // dave is not known yet
    assert.deepEqual(
      counted.map(({ userUid }) => userUid),
      ['alice', 'dave'],
    );
    assert.equal(createUnreadCounter(counted)({ seq: 1, senderUid: 'dave' }), 1);
    const active = [member('alice', 1, 0)];
    assert.equal(countedMembers(active, people), active, 'nothing is copied where all count');
  });

  test('the lists name everybody who may read it but the sender', () => {
    const members = [member('alice', 1, 5), member('bob', 1, 4), member('carol', 1, 3), member('dave', 5, 9)];
    assert.deepEqual(readersOf({ seq: 4, senderUid: 'alice' }, members), {
      readUids: ['bob'],
      unreadUids: ['carol'],
    });
  });

  test('the number is the length of the list, for any room', () => {
    const anyMembers = fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))
      .chain((uids) =>
        fc.tuple(
          ...uids.map((uid) =>
            fc
              .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 9 }))
              .map(([joined, read]) => member(uid, joined, read)),
          ),
        ),
      );
    const anyMessage = fc.record({
      seq: fc.integer({ min: 1, max: 9 }),
      senderUid: fc.constantFrom('a', 'b', 'z'),
    });
    fc.assert(
      fc.property(anyMembers, anyMessage, (members, message) => {
        assert.equal(createUnreadCounter(members)(message), readersOf(message, members).unreadUids.length);
      }),
      { seed: 20_261_120, numRuns: 2_000 },
    );
  });

  test('is shown as the policy says', () => {
    assert.deepEqual(
      (['everyone', 'sender', 'off'] as const).map((receipts) => [
        isReadingShown(receipts, true),
        isReadingShown(receipts, false),
      ]),
      [
        [true, true],
        [true, false],
        [false, false],
      ],
    );
  });
});
