/** Another password, and the way back in by the recovery sheet (docs/e2e-protocol.md section 3). */
import { timingSafeEqual } from 'node:crypto';
import type { ValidInput } from '#contract/index.ts';
import { canonicalUsername, Username } from '#contract/ids.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { PublicContext, RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { DepartingUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { findStatement, findUserByName, signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { checkPassword } from './password-check.ts';
import type { PasswordCheckDeps } from './password-check.ts';
import { deleteResetCode, updateKeys } from './recovery-store.ts';
import { endOtherSessions, isRenewed, renewedColumns } from './renewal.ts';
import { newSession, readVault, signedInAnswer, startSession } from './sign-in.ts';
import type { SignInDeps } from './sign-in.ts';
import { insertBlobs } from './vault-store.ts';

export type RecoveryDeps = SignInDeps &
  PasswordCheckDeps & {
    database: FeatureDatabase;
    appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
    /** Asks the groups that somebody was taken out of, because the device was lost, to add them again. */
    proposeFormerRooms: (unit: Unit, user: DepartingUser) => Promise<Delivery[]>;
  };

export type RecoveryRequestName = 'recovery:open' | 'recovery:complete' | 'account:change-password';

export const createRecoveryRequests = (deps: RecoveryDeps): Pick<RequestHandlers, RecoveryRequestName> => ({
  'recovery:open': (context, input) => openBySheet(deps, context, input),
  'recovery:complete': (context, input) => completeRecovery(deps, context, input),
  'account:change-password': (context, input) => changePassword(deps, context, input),
});

/** The account with this name; undefined as well for a text that can be nobody's, which takes the same way. */
export function findTyped(db: Read, typed: string): { username: string; user: Promise<UserRow | undefined> } {
  const username = canonicalUsername(typed);
  const isName = Username.safeParse(username).success;
  return { username, user: isName ? findUserByName(db, username) : Promise.resolve(undefined) };
}

/** Compares two SHA-256 in base64url; without a stored one the answer is no, at the same cost. */
export function isSameDigest(digest: string, stored: string | null | undefined): boolean {
  const isSame = timingSafeEqual(Buffer.from(digest), Buffer.from(stored ?? 'A'.repeat(digest.length)));
  return isSame && stored !== null && stored !== undefined;
}

type Proof = { username: string; recoveryAuth: string; address: string };

/** The person whose sheet this is, under the lock-out of passwords. An unknown name and a wrong sheet are refused alike. */
async function checkSheet(deps: RecoveryDeps, user: UserRow | undefined, proof: Proof): Promise<UserRow> {
  const { loginGuard } = deps;
  loginGuard.check(proof.username, proof.address);
  const isRight = isSameDigest(sha256(proof.recoveryAuth), user?.recovery_auth_hash);
  if (user === undefined || !isRight) {
    loginGuard.failed(proof.username, proof.address);
    throw new AppError('RECOVERY_WRONG');
  }
  loginGuard.succeeded(proof.username, proof.address);
  refuseInactive(user);
  return user;
}

/** Only after the proof: a stranger learns nothing about the state of an account. */
export function refuseInactive(user: UserRow): void {
  if (user.state !== 'active') {
    throw new AppError(user.is_pending === 1 ? 'APPROVAL_PENDING' : 'ACCOUNT_DISABLED');
  }
}

async function openBySheet(
  deps: RecoveryDeps,
  { address }: PublicContext,
  { username: typed, recoveryAuth }: ValidInput<'recovery:open'>,
) {
  const { read } = deps.database;
  const { username, user: found } = findTyped(read, typed);
  const user = await checkSheet(deps, await found, { username, recoveryAuth, address });
  const statement = await findStatement(read, user.id, user.identity_version);
  if (statement === undefined) throw new Error('An active account has no identity.');
  return {
    userUid: user.uid,
    username,
    displayName: user.display_name,
    identityVersion: user.identity_version,
    vault: await readVault(read, user),
    statement: { userUid: user.uid, version: user.identity_version, ...statement },
  };
}

async function completeRecovery(
  deps: RecoveryDeps,
  context: PublicContext,
  input: ValidInput<'recovery:complete'>,
) {
  const { database } = deps;
  // a sheet that was used is replaced: whoever saw it being typed has nothing
  if (input.newRecoveryAuth === input.recoveryAuth) {
    throw new AppError('INVALID_INPUT', { field: 'newRecoveryAuth' });
  }
  const { username, user: found } = findTyped(database.read, input.username);
  const named = await found;
  deps.loginGuard.check(username, context.address);
  const isRepeat = named?.state === 'active' && (await isRenewed(deps, named, input, input.newAuthKey));
  const { recoveryAuth } = input;
  const asking = isRepeat
    ? named
    : await checkSheet(deps, named, { username, recoveryAuth, address: context.address });
  const authHash = isRepeat ? '' : await deps.hasher.hash(input.newAuthKey);
  const session = newSession(deps);
  await database.write(async (unit) => {
    const user = await signedInUser(unit.db, asking.id);
    if (user.auth_hash !== asking.auth_hash || user.recovery_auth_hash !== asking.recovery_auth_hash) {
      throw new AppError('RECOVERY_WRONG');
    }
    const events = isRepeat ? [] : await renew(deps, unit, user, { input, authHash, now: context.now });
    events.push(...(await startSession(unit, context, user.id, session)));
    return { value: undefined, events };
  });
  const answer = await signedInAnswer(deps, database.read, asking.id, session);
  context.cookie.start({ token: session.token, csrfToken: answer.csrfToken });
  return answer;
}

async function renew(
  deps: RecoveryDeps,
  unit: Unit,
  user: UserRow,
  facts: { input: ValidInput<'recovery:complete'>; authHash: string; now: number },
): Promise<Delivery[]> {
  const { input, now } = facts;
  await insertBlobs(unit, user.id, input, now);
  await updateKeys(unit, user.id, {
    ...renewedColumns(input, facts),
    recovery_auth_hash: sha256(input.newRecoveryAuth),
  });
  // whoever has the sheet needs no code, and nobody else shall use one that lies about
  await deleteResetCode(unit, user.id);
  await deps.appendAudit(unit, {
    at: now,
    actorUid: user.uid,
    action: 'account-recovered',
    subject: user.uid,
  });
  const proposed = await deps.proposeFormerRooms(unit, { userId: user.id, userUid: user.uid, now });
  return [...proposed, ...(await endOtherSessions(unit, user.id, null))];
}

async function changePassword(
  deps: RecoveryDeps,
  { caller, address, now }: SessionContext,
  input: ValidInput<'account:change-password'>,
) {
  const { database } = deps;
  const asking = await signedInUser(database.read, caller.userId);
  const username = asking.username ?? '';
  deps.loginGuard.check(username, address);
  if (await isRenewed(deps, asking, input, input.newAuthKey)) {
    return { keysChangedAt: asking.keys_changed_at };
  }
  await checkPassword(deps, asking, { username, address, authKey: input.authKey });
  const authHash = await deps.hasher.hash(input.newAuthKey);
  await database.write(async (unit) => {
    const user = await signedInUser(unit.db, caller.userId);
    if (user.auth_hash !== asking.auth_hash) throw new AppError('WRONG_PASSWORD');
    await insertBlobs(unit, user.id, input, now);
    await updateKeys(unit, user.id, renewedColumns(input, { authHash, now }));
    const entry = { at: now, actorUid: user.uid, subject: user.uid } as const;
    await deps.appendAudit(unit, { ...entry, action: 'password-changed' });
    return { value: undefined, events: await endOtherSessions(unit, user.id, caller.sessionUid) };
  });
  return { keysChangedAt: now };
}
