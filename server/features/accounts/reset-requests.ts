/** The way back in by an admin's code: a new identity version and an empty vault (docs/e2e-protocol.md section 3). */
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom } from '../../gateway/delivery.ts';
import type { PublicContext, RequestHandlers } from '../../gateway/handler.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { Read, Unit } from '../feature-types.ts';
import { isSafeX25519Key, isSignedBy, parseStatement, sha256 } from '../identity-statement.ts';
import { toPerson } from '../person-row.ts';
import { findStatement, findUser, insertStatement, roomUidsOf, signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { versionBeforeReset } from './lost-resets.ts';
import type { RestoredServer } from './lost-resets.ts';
import { findTyped, isSameDigest, refuseInactive } from './recovery-requests.ts';
import type { RecoveryDeps } from './recovery-requests.ts';
import { deleteResetCode, findResetCode, keepOldVault, updateKeys } from './recovery-store.ts';
import { endOtherSessions, isRenewed, renewedColumns } from './renewal.ts';
import { digestOfCode } from './reset-codes.ts';
import { newSession, signedInAnswer, startSession } from './sign-in.ts';
import { insertBlobs, newestCounter } from './vault-store.ts';

type Reset = ValidInput<'reset:complete'>;

export type ResetDeps = RecoveryDeps & { restored: RestoredServer };

export const createResetRequests = (
  deps: ResetDeps,
): Pick<RequestHandlers, 'reset:open' | 'reset:complete'> => ({
  'reset:open': (context, input) => openByCode(deps, context, input),
  'reset:complete': (context, input) => completeReset(deps, context, input),
});

type Proof = { username: string; code: string; address: string; now: number };

/**
 * The person whose code this is, under the lock-out of passwords: five wrong ones, and this address waits. An unknown name,
 * a wrong and a used code are refused alike; that a code is over is told to whoever knows it only.
 */
async function checkCode(deps: RecoveryDeps, user: UserRow | undefined, proof: Proof): Promise<UserRow> {
  const { loginGuard } = deps;
  loginGuard.check(proof.username, proof.address);
  const digest = digestOfCode(deps.secrets, user?.uid ?? '-', proof.code);
  // somebody without an account has no row under this number either
  const stored = await findResetCode(deps.database.read, user?.id ?? 0);
  if (user === undefined || stored === undefined || !isSameDigest(digest, stored.digest)) {
    loginGuard.failed(proof.username, proof.address);
    throw new AppError('RESET_CODE_WRONG');
  }
  loginGuard.succeeded(proof.username, proof.address);
  if (stored.expires_at <= proof.now) throw new AppError('RESET_CODE_EXPIRED');
  refuseInactive(user);
  return user;
}

async function openByCode(
  deps: ResetDeps,
  { address, now }: PublicContext,
  { username: typed, code }: ValidInput<'reset:open'>,
) {
  const { read } = deps.database;
  const { username, user: found } = findTyped(read, typed);
  const user = await checkCode(deps, await found, { username, code, address, now });
  return {
    userUid: user.uid,
    username,
    displayName: user.display_name,
    identityVersion: await versionBeforeReset(read, user, deps.restored),
    counters: {
      keys: await newestCounter(read, user.id, 'keys'),
      pins: await newestCounter(read, user.id, 'pins'),
    },
  };
}

/** The version of the statement, which must be this person's own, of the version that is next, and signed by its own key. */
async function nextVersion(deps: ResetDeps, db: Read, user: UserRow, input: Reset): Promise<number> {
  const statement = parseStatement(input.statement);
  const next = (await versionBeforeReset(db, user, deps.restored)) + 1;
  const isNext = statement?.userUid === user.uid && statement.version === next;
  if (statement === null || !isNext || !isSafeX25519Key(statement.x)) {
    throw new AppError('IDENTITY_INVALID', { field: 'statement' });
  }
  if (!isSignedBy(statement.ed, input.statement, input.statementSignature)) {
    throw new AppError('IDENTITY_INVALID', { field: 'statementSignature' });
  }
  return next;
}

/** True if this very reset was carried out before and its answer got lost. */
async function isRepeated(deps: RecoveryDeps, user: UserRow | undefined, input: Reset): Promise<boolean> {
  if (user === undefined || user.state !== 'active') return false;
  const published = await findStatement(deps.database.read, user.id, user.identity_version);
  return published?.statement === input.statement && (await isRenewed(deps, user, input, input.authKey));
}

async function completeReset(deps: ResetDeps, context: PublicContext, input: Reset) {
  const { database } = deps;
  const { address, now } = context;
  const { username, user: found } = findTyped(database.read, input.username);
  const named = await found;
  deps.loginGuard.check(username, address);
  const isRepeat = await isRepeated(deps, named, input);
  const { code } = input;
  const asking =
    isRepeat && named !== undefined ? named : await checkCode(deps, named, { username, code, address, now });
  if (!isRepeat) await nextVersion(deps, database.read, asking, input);
  const authHash = isRepeat ? '' : await deps.hasher.hash(input.authKey);
  const session = newSession(deps);
  await database.write(async (unit) => {
    const user = await signedInUser(unit.db, asking.id);
    // what proved a repeat is the password, and that may have been changed while it was being checked
    if (isRepeat && user.auth_hash !== asking.auth_hash) throw new AppError('RESET_CODE_WRONG');
    const events = isRepeat ? [] : await reset(deps, unit, user, { input, authHash, now });
    events.push(...(await startSession(unit, context, user.id, session)));
    return { value: undefined, events };
  });
  const answer = await signedInAnswer(deps, database.read, asking.id, session);
  context.cookie.start({ token: session.token, csrfToken: answer.csrfToken });
  return answer;
}

async function reset(
  deps: ResetDeps,
  unit: Unit,
  user: UserRow,
  { input, authHash, now }: { input: Reset; authHash: string; now: number },
): Promise<Delivery[]> {
  // asked again inside the unit: of two at once one finds the code used
  const stored = await findResetCode(unit.db, user.id);
  if (!isSameDigest(digestOfCode(deps.secrets, user.uid, input.code), stored?.digest)) {
    throw new AppError('RESET_CODE_WRONG');
  }
  const version = await nextVersion(deps, unit.db, user, input);
  await keepOldVault(unit, user, now);
  await insertBlobs(unit, user.id, input, now);
  const { statement, statementSignature: signature } = input;
  await insertStatement(unit, { userId: user.id, version, statement, signature }, now);
  await updateKeys(unit, user.id, {
    ...renewedColumns(input, { authHash, now }),
    recovery_auth_hash: sha256(input.recoveryAuth),
    identity_version: version,
    directory_rev: await raiseDirectoryRev(unit),
  });
  await deleteResetCode(unit, user.id);
  const entry = { at: now, actorUid: user.uid, subject: user.uid } as const;
  await deps.appendAudit(unit, { ...entry, action: 'identity-reset', details: { version: String(version) } });
  const changed = await findUser(unit.db, user.id);
  if (changed === undefined) throw new Error('A person is missing.');
  const person = toPerson(changed);
  const roomUids = await roomUidsOf(unit.db, user.id);
  const told = roomUids.map((roomUid) => toRoom(roomUid, 'person:updated', { person }));
  const proposed = await deps.proposeFormerRooms(unit, { userId: user.id, userUid: user.uid, now });
  return [...told, ...proposed, ...(await endOtherSessions(unit, user.id, null))];
}
