/**
 * Why the crypto engine refused. The codes are for the client to choose a sentence by; nothing secret is ever
 * put into an error. `subject` names the person (userUid) that the refusal is about, where there is one.
 */
export type CryptoErrorCode =
  | 'WEAK_PASSWORD'
  | 'WEAK_KDF'
  | 'WRONG_KEY'
  | 'VAULT_TAMPERED'
  | 'VAULT_OLDER'
  | 'NEWER_KEYS'
  | 'IDENTITY_MISMATCH'
  | 'LOCKED'
  | 'NOTHING_PENDING'
  | 'BAD_INPUT'
  | 'BAD_SHEET'
  | 'NO_RANDOM'
  | 'NO_AES_ENGINE'
  | 'WORKER_FAILED'
  | 'ROOM_NOT_READY'
  | 'NOT_IN_RECORD'
  | 'STATEMENT_MISSING'
  | 'BAD_STATEMENT'
  | 'UNCONFIRMED_VERSION'
  | 'PIN_CONFLICT';

/** The only error that leaves `static/crypto`; its message is its code, so that logging it reveals nothing. */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;
  readonly subject: string | undefined;

  constructor(code: CryptoErrorCode, subject?: string) {
    super(code);
    this.name = 'CryptoError';
    this.code = code;
    this.subject = subject;
  }
}
