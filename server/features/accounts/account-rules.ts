/** Decisions about accounts that need no database. */
import type { ErrorCode } from '#contract/error-codes.ts';
import type { ValidInput } from '#contract/index.ts';
import { isSafeX25519Key, isSignedBy, parseStatement } from '../identity-statement.ts';

type Registration = ValidInput<'account:register'>;

/** Why a registration cannot be taken, or null. The field names what is wrong. */
export function registrationProblem(input: Registration): { code: ErrorCode; field: string } | null {
  const statement = parseStatement(input.statement);
  const isOwnFirst = statement?.userUid === input.userUid && statement.version === 1;
  if (statement === null || !isOwnFirst) return { code: 'IDENTITY_INVALID', field: 'statement' };
  if (!isSafeX25519Key(statement.x)) return { code: 'IDENTITY_INVALID', field: 'statement' };
  if (!isSignedBy(statement.ed, input.statement, input.statementSignature)) {
    return { code: 'IDENTITY_INVALID', field: 'statementSignature' };
  }
  if (input.vault.keys.counter !== 1) return { code: 'INVALID_INPUT', field: 'vault.keys.counter' };
  if (input.vault.pins.counter !== 1) return { code: 'INVALID_INPUT', field: 'vault.pins.counter' };
  return null;
}

export type SignUp = 'open' | 'approval' | 'invitation' | 'closed';

export type Admission = {
  /** Accounts that are not deleted. */
  accounts: number;
  isFromHost: boolean;
  hasRightCode: boolean;
  signUp: SignUp;
};

/**
 * Who may register, and as what. The first account owns the server, so it needs proof of being at the machine; afterwards
 * a code makes nobody an owner, and only open sign-up is a way in.
 */
export function admissionOf(facts: Admission): { role: 'owner' | 'member' } | { code: ErrorCode } {
  if (facts.accounts === 0) {
    return facts.isFromHost || facts.hasRightCode ? { role: 'owner' } : { code: 'SETUP_CODE_WRONG' };
  }
  return facts.signUp === 'open' ? { role: 'member' } : { code: 'SIGN_UP_CLOSED' };
}

/** The last owner may only go as the last person: nobody else could administer the server. */
export const isOwnerStillNeeded = (role: string, otherOwners: number, otherAccounts: number): boolean =>
  role === 'owner' && otherOwners === 0 && otherAccounts > 0;
