/** What registering, signing in and reloading have in common: a session and what the client needs to go on. */
import type { SignedIn, Vault } from '#contract/accounts.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { endSession } from '../../gateway/delivery.ts';
import type { PublicContext } from '../../gateway/handler.ts';
import type { Read, Unit } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { toMe } from '../person-row.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { findUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { deleteSessionByToken, insertSession } from './session-store.ts';
import { newestBlob } from './vault-store.ts';

export type SignInDeps = {
  secrets: AccountSecrets;
  csrfTokenFor: (sessionToken: string) => string;
  randomBytes: (size: number) => Uint8Array;
};

export type NewSession = { token: string; sessionUid: string };

const random = (deps: SignInDeps, bytes: number): string =>
  Buffer.from(deps.randomBytes(bytes)).toString('base64url');

/** 32 random bytes as the token; another 16 to name the session in lists. */
export const newSession = (deps: SignInDeps): NewSession => ({
  token: random(deps, 32),
  sessionUid: random(deps, 16),
});

/** Writes the session, and ends the one that this browser's cookie still names: a token is never used on. */
export async function startSession(
  unit: Unit,
  context: PublicContext,
  userId: number,
  session: NewSession,
): Promise<Delivery[]> {
  const previous = context.cookie.token;
  const ended = previous === null ? null : await deleteSessionByToken(unit, sha256(previous));
  await insertSession(unit, {
    uid: session.sessionUid,
    user_id: userId,
    token_hash: sha256(session.token),
    user_agent: context.userAgent.slice(0, 300),
    address: context.address,
    created_at: context.now,
    last_used_at: context.now,
  });
  return ended === null ? [] : [endSession(ended, 'signed-out')];
}

/** A person's vault. Every account has one from its registration on. */
export async function readVault(db: Read, user: UserRow): Promise<Vault> {
  const { salt, password_wrap: passwordWrap, recovery_wrap: recoveryWrap } = user;
  if (salt === null || passwordWrap === null || recoveryWrap === null) {
    throw new Error('An active account has no vault.');
  }
  return {
    keys: await newestBlob(db, user.id, 'keys'),
    pins: await newestBlob(db, user.id, 'pins'),
    passwordWrap,
    recoveryWrap,
    salt,
    kdf: { memoryKiB: user.kdf_memory_kib, iterations: user.kdf_iterations, parallelism: 1 },
    keysChangedAt: user.keys_changed_at,
  };
}

/** The answer to a sign-in. */
export async function signedInAnswer(
  deps: SignInDeps,
  db: Read,
  userId: number,
  session: NewSession,
): Promise<SignedIn> {
  const user = await findUser(db, userId);
  if (user === undefined) throw new AppError('NOT_SIGNED_IN');
  return {
    me: toMe(user),
    sessionUid: session.sessionUid,
    csrfToken: deps.csrfTokenFor(session.token),
    deviceKey: deps.secrets.deviceKey(session.token),
    vault: await readVault(db, user),
  };
}

/**
 * Sets the cookie of a session that was made and gives the answer to the sign-in. For an account that waits for approval
 * the cookie is all: the session counts from the approval on, and the refusal APPROVAL_PENDING says so.
 */
export async function admitSession(
  deps: SignInDeps & { database: { read: Read } },
  context: PublicContext,
  userId: number,
  session: NewSession,
): Promise<SignedIn> {
  context.cookie.start({ token: session.token, csrfToken: deps.csrfTokenFor(session.token) });
  const user = await findUser(deps.database.read, userId);
  if (user?.is_pending === 1) throw new AppError('APPROVAL_PENDING');
  return signedInAnswer(deps, deps.database.read, userId, session);
}
