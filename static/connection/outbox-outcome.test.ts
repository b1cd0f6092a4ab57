import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorCodes } from '#contract/error-codes.ts';
import { fail } from '../state/failure.ts';
import type { FailureCode } from '../state/failure.ts';
import { judgeFailure, longestPauseMs } from './outbox-outcome.ts';

/** What becomes of a message: `again` at once with new keys, `connection` or `time` as what it waits for, or the user. */
type Fate = 'again' | 'connection' | 'time' | 'user';

/** What sealing and sending can come to. Any other code of the contract is shown to the author, too. */
const fates: Partial<Record<FailureCode, Fate>> = {
  // Somebody joined, left or was faster: the room is looked at and the message sealed anew.
  STALE_EPOCH: 'again',
  REKEY_NEEDED: 'again',
  EPOCH_CONFLICT: 'again',

  OFFLINE: 'connection',
  NOT_SIGNED_IN: 'connection',
  CONTRACT_OUTDATED: 'connection',
  LOCKED: 'connection',

  TIMED_OUT: 'time',
  BAD_ANSWER: 'time',
  RATE_LIMITED: 'time',
  TOO_MANY_CONNECTIONS: 'time',
  SHUTTING_DOWN: 'time',
  DISK_FULL: 'time',
  INTERNAL: 'time',
  NO_RECORD: 'time',
  RECORDS_UNAVAILABLE: 'time',
  STATEMENT_MISSING: 'time',
  KEY_MISSING: 'time',
  KEY_BAD: 'time',
  MEMBERS_DIFFER: 'time',
  NOT_IN_RECORD: 'time',
  OWN_VERSION_OLD: 'time',
  NOT_ACCEPTED: 'time',
  ROOM_NOT_READY: 'time',

  // The room or the person is gone, or the text cannot be sent: nothing here heals by itself.
  NOT_FOUND: 'user',
  FORBIDDEN: 'user',
  PERSON_DISABLED: 'user',
  PERSON_UNKNOWN: 'user',
  TOO_LARGE: 'user',
  INVALID_INPUT: 'user',
  BAD_INPUT: 'user',

  // Quarantined: somebody has to look at it.
  MALFORMED: 'user',
  WRONG_ROOM: 'user',
  TYPE_CHANGED: 'user',
  BAD_SIGNATURE: 'user',
  BROKEN_CHAIN: 'user',
  NEW_CHAIN: 'user',
  FORK: 'user',
  BEHIND_WATERMARK: 'user',
  CREATOR_NOT_MEMBER: 'user',
  OWN_KEY: 'user',
  BAD_STATEMENT: 'user',
  PIN_CONFLICT: 'user',
  UNCONFIRMED_VERSION: 'user',

  // This browser cannot seal at all.
  NO_RANDOM: 'user',
  NO_AES_ENGINE: 'user',
  WORKER_FAILED: 'user',
  STORAGE_FULL: 'user',
  TEXT_SEALED: 'user',
};

const fateOf = (code: FailureCode, attempt: number): Fate => {
  const outcome = judgeFailure(fail(code), attempt);
  if (outcome.kind === 'reseal') return 'again';
  if (outcome.kind === 'fail') return 'user';
  return outcome.delayMs === null ? 'connection' : 'time';
};

describe('a message that was not sent', () => {
  // Both records have codes as their keys; Object.keys only knows strings.
  const codes = new Set([...Object.keys(errorCodes), ...Object.keys(fates)] as FailureCode[]);

  for (const code of codes) {
    const fate = fates[code] ?? 'user';
    test(`${code}: ${fate}`, () => {
      assert.deepEqual([fateOf(code, 1), fateOf(code, 50)], [fate, fate]);
    });
  }

  test('is always tried again within minutes, or shown to its author', () => {
    for (const code of codes) {
      for (const retryAfterMs of [0, 1_000, 1e12]) {
        const outcome = judgeFailure(fail(code, { retryAfterMs }), 1_000);
        const delayMs = outcome.kind === 'fail' ? 0 : outcome.delayMs;
        assert.ok(delayMs === null || delayMs <= longestPauseMs, code);
      }
    }
  });

  test('is sealed anew at once a few times, and then with growing pauses', () => {
    const pauses = [1, 4, 5, 6, 20].map((attempt) => {
      const outcome = judgeFailure(fail('STALE_EPOCH'), attempt);
      return outcome.kind === 'reseal' ? outcome.delayMs : null;
    });
    assert.deepEqual(pauses, [0, 0, 16_000, 30_000, 30_000]);
  });
});
