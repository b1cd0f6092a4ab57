/** Making an account: identity, vault, session and the owner's role in one unit. */
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import type { PublicContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { admissionOf, registrationProblem } from './account-rules.ts';
import type { SignUp } from './account-rules.ts';
import {
  countAccounts,
  findStatement,
  findUserByUid,
  insertStatement,
  insertUser,
  isNameTaken,
} from './account-store.ts';
import type { PasswordCheckDeps } from './password-check.ts';
import { isSetUpCode } from './set-up-code.ts';
import { newSession, signedInAnswer, startSession } from './sign-in.ts';
import type { SignInDeps } from './sign-in.ts';
import { insertBlob } from './vault-store.ts';

export type RegistrationDeps = SignInDeps &
  PasswordCheckDeps & {
    database: FeatureDatabase;
    setUpCode: string;
    readSignUp: (db: Read) => Promise<SignUp>;
    appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
  };

type Registration = ValidInput<'account:register'>;

/** The role that this request would give, or a refusal. Inside the unit it is also safe against a second first owner. */
export async function admit(
  deps: RegistrationDeps,
  db: Read,
  context: PublicContext,
  setUpCode: string | undefined,
): Promise<'owner' | 'member'> {
  const admission = admissionOf({
    accounts: await countAccounts(db),
    isFromHost: context.isFromHost,
    hasRightCode: setUpCode !== undefined && isSetUpCode(deps.setUpCode, setUpCode),
    signUp: await deps.readSignUp(db),
  });
  if ('code' in admission) {
    throw new AppError(admission.code, admission.code === 'SETUP_CODE_WRONG' ? { field: 'setUpCode' } : {});
  }
  return admission.role;
}

/**
 * True if this very registration has been carried out before: its answer got lost and the client repeats it. The session
 * cookie must be set on the answer, so that repeating is answered anew instead of from a store.
 */
async function isRepeated(
  deps: RegistrationDeps,
  { address }: PublicContext,
  input: Registration,
): Promise<boolean> {
  const user = await findUserByUid(deps.database.read, input.userUid);
  if (user === undefined || user.username !== input.username || user.state !== 'active') return false;
  const published = await findStatement(deps.database.read, user.id, 1);
  if (published?.statement !== input.statement) return false;
  // under the lock-out: this must not be a second place to try passwords
  deps.loginGuard.check(user.username, address);
  const isRight = await deps.hasher.verify(input.authKey, user.auth_hash);
  if (!isRight) deps.loginGuard.failed(user.username, address);
  return isRight;
}

async function insertAccount(
  unit: Unit,
  context: PublicContext,
  input: Registration,
  facts: { role: 'owner' | 'member'; authHash: string },
): Promise<number> {
  const userId = await insertUser(unit, {
    uid: input.userUid,
    username: input.username,
    display_name: input.displayName,
    department: input.department ?? '',
    title: input.title ?? '',
    status_text: '',
    role: facts.role,
    state: 'active',
    auth_hash: facts.authHash,
    salt: input.salt,
    kdf_memory_kib: input.kdf.memoryKiB,
    kdf_iterations: input.kdf.iterations,
    password_wrap: input.passwordWrap,
    recovery_wrap: input.recoveryWrap,
    recovery_auth_hash: sha256(input.recoveryAuth),
    keys_changed_at: context.now,
    identity_version: 1,
    directory_rev: await raiseDirectoryRev(unit),
    created_at: context.now,
  });
  const { statement, statementSignature: signature } = input;
  await insertStatement(unit, { userId, version: 1, statement, signature }, context.now);
  await insertBlob(unit, { userId, label: 'keys' }, input.vault.keys, context.now);
  await insertBlob(unit, { userId, label: 'pins' }, input.vault.pins, context.now);
  return userId;
}

/** Makes the account and its first session. */
export async function register(deps: RegistrationDeps, context: PublicContext, input: Registration) {
  const { database } = deps;
  const problem = registrationProblem(input);
  if (problem !== null) throw new AppError(problem.code, { field: problem.field });
  const session = newSession(deps);
  const isRepeat = await isRepeated(deps, context, input);
  // before the slow hash, so that a closed server does no work for strangers; asked again inside the unit
  if (!isRepeat) await admit(deps, database.read, context, input.setUpCode);
  const authHash = isRepeat ? '' : await deps.hasher.hash(input.authKey);
  const userId = await database.write(async (unit) => {
    const known = await findUserByUid(unit.db, input.userUid);
    if (isRepeat && known?.state === 'active') {
      return { value: known.id, events: await startSession(unit, context, known.id, session) };
    }
    const role = await admit(deps, unit.db, context, input.setUpCode);
    const retired = deps.secrets.retiredName(input.username);
    if (await isNameTaken(unit.db, input.username, retired)) {
      throw new AppError('NAME_TAKEN', { field: 'username' });
    }
    if (known !== undefined) throw new AppError('UID_TAKEN', { field: 'userUid' });
    const value = await insertAccount(unit, context, input, { role, authHash });
    if (role === 'owner') {
      const { userUid } = input;
      await deps.appendAudit(unit, {
        at: context.now,
        actorUid: userUid,
        action: 'owner-registered',
        subject: userUid,
      });
    }
    return { value, events: await startSession(unit, context, value, session) };
  });
  const answer = await signedInAnswer(deps, database.read, userId, session);
  context.cookie.start({ token: session.token, csrfToken: answer.csrfToken });
  return answer;
}
