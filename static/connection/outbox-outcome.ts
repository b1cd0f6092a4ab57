/** What follows from an attempt to send. Pure. */
import type { Failure, FailureCode } from '../state/failure.ts';

export type Outcome =
  /** The room's keys moved on: look again and seal anew; at once, or after a pause if that did not help. */
  | { kind: 'reseal'; reason: FailureCode; delayMs: number }
  /** Goes by itself later. `delayMs` null: as soon as something wakes the outbox (a connection). */
  | { kind: 'wait'; reason: FailureCode; delayMs: number | null }
  /** Needs the user: retry, discard or take back. */
  | { kind: 'fail'; reason: FailureCode; subject: string | null };

const keysMoved: ReadonlySet<FailureCode> = new Set(['STALE_EPOCH', 'REKEY_NEEDED', 'EPOCH_CONFLICT']);

/** Nothing is wrong with the message; a new connection wakes the outbox, a new sign-in reads it again. */
const waitsForConnection: ReadonlySet<FailureCode> = new Set([
  'OFFLINE',
  'NOT_SIGNED_IN',
  'CONTRACT_OUTDATED',
  'LOCKED',
]);

/** Heals by itself or by somebody else's doing; asked again with growing pauses. */
const waitsForTime: ReadonlySet<FailureCode> = new Set([
  'TIMED_OUT',
  'BAD_ANSWER',
  'RATE_LIMITED',
  'TOO_MANY_CONNECTIONS',
  'SHUTTING_DOWN',
  'DISK_FULL',
  'INTERNAL',
  'NO_RECORD',
  'RECORDS_UNAVAILABLE',
  'STATEMENT_MISSING',
  'KEY_MISSING',
  'KEY_BAD',
  'MEMBERS_DIFFER',
  'NOT_IN_RECORD',
  'OWN_VERSION_OLD',
  'NOT_ACCEPTED',
  'ROOM_NOT_READY',
]);

const maxResealsInARow = 4;
/** No pause is longer, whatever a server asks for: a message that still waits then is tried again. */
export const longestPauseMs = 2 * 60_000;

/**
 * `attempt` counts the attempts on this message since it last got anywhere, from 1. Everything that is not known to heal
 * is shown as failed: a message never waits for something that will not happen.
 */
export const judgeFailure = (failure: Failure, attempt: number): Outcome => {
  const { code } = failure;
  if (keysMoved.has(code)) {
    return { kind: 'reseal', reason: code, delayMs: attempt <= maxResealsInARow ? 0 : pauseMs(attempt) };
  }
  if (waitsForConnection.has(code)) return { kind: 'wait', reason: code, delayMs: null };
  if (waitsForTime.has(code)) {
    const delayMs = failure.retryAfterMs ?? pauseMs(attempt);
    return { kind: 'wait', reason: code, delayMs: Math.min(delayMs, longestPauseMs) };
  }
  return { kind: 'fail', reason: code, subject: failure.subject ?? null };
};

const pauseMs = (attempt: number): number => Math.min(30_000, 1_000 * 2 ** Math.min(attempt - 1, 6));
