/** One shape for everything that can go wrong in an action: the view looks the sentence up by `code`. */
import type { ErrorCode } from '#contract/error-codes.ts';
import type { CryptoErrorCode, OpenFailure, RoomReason } from '../crypto/index.ts';

/**
 * `OFFLINE`: no connection, nothing was sent. `TIMED_OUT`: no answer came; it may or may not have happened.
 * `BAD_ANSWER`: something between here and the server answered that is not the server.
 * `STORAGE_FULL`: this browser could not keep what must be kept before it is sent.
 */
export type LocalErrorCode = 'OFFLINE' | 'TIMED_OUT' | 'BAD_ANSWER' | 'STORAGE_FULL' | 'CANCELLED';

export type FailureCode =
  | ErrorCode
  | LocalErrorCode
  | CryptoErrorCode
  | RoomReason
  | OpenFailure
  | 'NOT_ACCEPTED'
  /** Written in this browser under keys that a reset has replaced: it can neither be opened nor sent. */
  | 'TEXT_SEALED'
  /** Somebody whom I had verified has another identity: compare again, or go on without the mark. */
  | 'VERIFIED_CHANGED'
  /** The two groups typed back are not those of the sheet. */
  | 'SHEET_MISMATCH'
  /** Signing out would lose messages that were not sent; ask, then sign out with `evenIfUnsent`. */
  | 'UNSENT_MESSAGES'
  | 'EMPTY_TEXT'
  | 'TEXT_TOO_LONG';

export type Failure = {
  ok: false;
  code: FailureCode;
  /** The server's English sentence, for codes the client does not know. */
  error?: string;
  /** The input field the refusal is about. */
  field?: string;
  /** userUid of the person the refusal is about. */
  subject?: string;
  retryAfterMs?: number;
  /** True if the same attempt can succeed later without the user changing anything. */
  isRetryable: boolean;
};

export type Result<Value> = { ok: true; value: Value } | Failure;

export const succeed = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value });

const retryableCodes: ReadonlySet<FailureCode> = new Set([
  'OFFLINE',
  'TIMED_OUT',
  'BAD_ANSWER',
  'RATE_LIMITED',
  'TOO_MANY_CONNECTIONS',
  'SHUTTING_DOWN',
  'DISK_FULL',
  'INTERNAL',
]);

export const fail = (
  code: FailureCode,
  facts: Omit<Failure, 'ok' | 'code' | 'isRetryable'> = {},
): Failure => ({
  ok: false,
  code,
  ...facts,
  isRetryable: retryableCodes.has(code),
});
