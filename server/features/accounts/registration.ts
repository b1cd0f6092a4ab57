/** Making an account: identity, vault, session and the owner's role in one unit. */
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import type { PublicContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { admissionOf, registrationProblem } from './account-rules.ts';
import type { Admitted, SignUp } from './account-rules.ts';
import {
  countAccounts,
  findStatement,
  findUserByUid,
  insertStatement,
  insertUser,
  isNameTaken,
} from './account-store.ts';
import type { UserRow } from './account-store.ts';
import type { Invitations } from './invitations.ts';
import type { PasswordCheckDeps } from './password-check.ts';
import { isSameCode } from './typed-code.ts';
import { admitSession, newSession, startSession } from './sign-in.ts';
import type { SignInDeps } from './sign-in.ts';
import { insertBlob } from './vault-store.ts';

export type RegistrationDeps = SignInDeps &
  PasswordCheckDeps & {
    database: FeatureDatabase;
    setUpCode: string;
    readSignUp: (db: Read) => Promise<SignUp>;
    appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
    invitations: Pick<Invitations, 'find' | 'use'>;
    /** Tells open consoles of a new account. */
    peopleChanged: () => void;
  };

type Registration = ValidInput<'account:register'>;

export type Entry = Admitted & { invitationUid: string | null };

type Codes = { setUpCode?: string | undefined; invitationCode?: string | undefined };

/** What this request would make, or a refusal. Inside the unit it is also safe against a second first owner. */
export async function admit(
  deps: RegistrationDeps,
  db: Read,
  context: PublicContext,
  { setUpCode, invitationCode = '' }: Codes,
): Promise<Entry> {
  const found =
    invitationCode === '' ? undefined : await deps.invitations.find(db, invitationCode, context.now);
  const admission = admissionOf({
    accounts: await countAccounts(db),
    isFromHost: context.isFromHost,
    hasRightCode: setUpCode !== undefined && isSameCode(deps.setUpCode, setUpCode),
    signUp: await deps.readSignUp(db),
    invitation: invitationCode === '' ? 'none' : found === undefined ? 'wrong' : 'right',
  });
  if ('code' in admission) {
    const { code, field } = admission;
    throw new AppError(code, field === undefined ? {} : { field });
  }
  return { ...admission, invitationUid: admission.isInvitationUsed ? (found ?? null) : null };
}

/**
 * The password's hash if this very registration has been carried out before: its answer got lost and the client repeats it. The
 * session cookie must be set on the answer, so that repeating is answered anew instead of from a store.
 */
async function findRepeated(
  deps: RegistrationDeps,
  { address }: PublicContext,
  input: Registration,
): Promise<string | null> {
  const user = await findUserByUid(deps.database.read, input.userUid);
  if (user === undefined || user.username !== input.username || !isEntered(user)) return null;
  const published = await findStatement(deps.database.read, user.id, 1);
  if (published?.statement !== input.statement) return null;
  // under the lock-out: this must not be a second place to try passwords
  deps.loginGuard.check(user.username, address);
  const isRight = await deps.hasher.verify(input.authKey, user.auth_hash);
  if (!isRight) deps.loginGuard.failed(user.username, address);
  return isRight ? user.auth_hash : null;
}

/** In use, or waiting to be. */
const isEntered = (user: UserRow): boolean => user.state === 'active' || user.is_pending === 1;

async function insertAccount(
  unit: Unit,
  context: PublicContext,
  input: Registration,
  facts: Entry & { authHash: string },
): Promise<number> {
  const userId = await insertUser(unit, {
    uid: input.userUid,
    username: input.username,
    display_name: input.displayName,
    department: input.department ?? '',
    title: input.title ?? '',
    status_text: '',
    role: facts.role,
    state: facts.isPending ? 'disabled' : 'active',
    is_pending: facts.isPending ? 1 : 0,
    state_since: facts.isPending ? context.now : null,
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

/** The owner is in the log by that name; who came otherwise than by an open door, with how. */
async function noteEntry(
  { appendAudit }: RegistrationDeps,
  unit: Unit,
  { userUid, at }: { userUid: string; at: number },
  { role, isPending, invitationUid }: Entry,
): Promise<void> {
  const entry = { at, actorUid: userUid, subject: userUid };
  if (role === 'owner') await appendAudit(unit, { ...entry, action: 'owner-registered' });
  else if (isPending) {
    await appendAudit(unit, { ...entry, action: 'account-registered', details: { state: 'pending' } });
  } else if (invitationUid !== null) {
    const details = { invitation: invitationUid };
    await appendAudit(unit, { ...entry, action: 'account-registered', details });
  }
}

/** The unit that makes the account, once; a repeat finds it. */
async function enter(
  deps: RegistrationDeps,
  unit: Unit,
  context: PublicContext,
  { input, authHash, repeated }: { input: Registration; authHash: string; repeated: string | null },
): Promise<number> {
  const { userUid } = input;
  const known = await findUserByUid(unit.db, userUid);
  if (repeated !== null) {
    // declined, or under another password, while this one was being checked
    const isSame = known !== undefined && isEntered(known) && known.auth_hash === repeated;
    if (!isSame) throw new AppError('NAME_TAKEN', { field: 'username' });
    return known.id;
  }
  const entry = await admit(deps, unit.db, context, input);
  const retired = deps.secrets.retiredName(input.username);
  if (await isNameTaken(unit.db, input.username, retired)) {
    throw new AppError('NAME_TAKEN', { field: 'username' });
  }
  if (known !== undefined) throw new AppError('UID_TAKEN', { field: 'userUid' });
  const userId = await insertAccount(unit, context, input, { ...entry, authHash });
  if (entry.invitationUid !== null) await deps.invitations.use(unit, entry.invitationUid);
  await noteEntry(deps, unit, { userUid, at: context.now }, entry);
  return userId;
}

/**
 * Makes the account and its first session. Throws APPROVAL_PENDING for one that waits: its session is made all the same and
 * the cookie set, so that this browser is let in by itself once somebody approves (`account:waiting`).
 */
export async function register(deps: RegistrationDeps, context: PublicContext, input: Registration) {
  const { database } = deps;
  const problem = registrationProblem(input);
  if (problem !== null) throw new AppError(problem.code, { field: problem.field });
  const session = newSession(deps);
  const repeated = await findRepeated(deps, context, input);
  // before the slow hash, so that a closed server does no work for strangers; asked again inside the unit
  if (repeated === null) await admit(deps, database.read, context, input);
  const authHash = repeated ?? (await deps.hasher.hash(input.authKey));
  const userId = await database.write(async (unit) => {
    const value = await enter(deps, unit, context, { input, authHash, repeated });
    return { value, events: await startSession(unit, context, value, session) };
  });
  deps.peopleChanged();
  return admitSession(deps, context, userId, session);
}
