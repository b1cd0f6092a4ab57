import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';

type RefusalFacts = { field?: string; retryAfterMs?: number };

/**
 * A refusal: something the person can be told about and do something about. Anything else that is thrown is a bug and
 * reaches the client as INTERNAL.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, facts: RefusalFacts = {}) {
    super(errorCodes[code].sentence);
    this.name = 'AppError';
    this.code = code;
    this.field = facts.field;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
