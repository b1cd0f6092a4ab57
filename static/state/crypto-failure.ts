/** The engine throws CryptoErrors; actions return failures. */
import { CryptoError } from '../crypto/index.ts';
import { fail, succeed } from './failure.ts';
import type { Failure, Result } from './failure.ts';

/** The failure that a CryptoError stands for; null for any other error. */
export const cryptoFailure = (error: unknown): Failure | null =>
  error instanceof CryptoError
    ? fail(error.code, error.subject === undefined ? {} : { subject: error.subject })
    : null;

/** Runs engine calls; a refusal of the engine becomes a failure, a bug stays an exception. */
export const tryCrypto = async <Value>(work: () => Promise<Value>): Promise<Result<Value>> => {
  try {
    return succeed(await work());
  } catch (error) {
    const failure = cryptoFailure(error);
    if (failure === null) throw error;
    return failure;
  }
};
