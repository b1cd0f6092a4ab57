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
  /** The invitation that somebody came with. */
  invitation: 'none' | 'wrong' | 'right';
};

export type Admitted = {
  role: 'owner' | 'member';
  /** An administrator has to let the account in first. */
  isPending: boolean;
  isInvitationUsed: boolean;
};

/**
 * Who may register, and as what. The first account owns the server, so it needs proof of being at the machine; afterwards
 * a code makes nobody an owner, and the sign-up policy decides. An invitation is an approval given beforehand.
 */
export function admissionOf(facts: Admission): Admitted | { code: ErrorCode; field?: string } {
  const { signUp, invitation } = facts;
  const plain = { isPending: false, isInvitationUsed: false } as const;
  if (facts.accounts === 0) {
    const mayOwn = facts.isFromHost || facts.hasRightCode;
    return mayOwn ? { role: 'owner', ...plain } : { code: 'SETUP_CODE_WRONG', field: 'setUpCode' };
  }
  if (signUp === 'open') return { role: 'member', ...plain };
  if (signUp === 'closed') return { code: 'SIGN_UP_CLOSED' };
  if (invitation === 'right') return { role: 'member', isPending: false, isInvitationUsed: true };
  if (invitation === 'wrong') return { code: 'INVITATION_WRONG', field: 'invitationCode' };
  return signUp === 'approval'
    ? { role: 'member', isPending: true, isInvitationUsed: false }
    : { code: 'INVITATION_NEEDED', field: 'invitationCode' };
}

/** The last owner may only go as the last person: nobody else could administer the server. */
export const isOwnerStillNeeded = (role: string, otherOwners: number, otherAccounts: number): boolean =>
  role === 'owner' && otherOwners === 0 && otherAccounts > 0;
