import { AppError } from '../../app-error.ts';
import type { LoginGuard } from '../../gateway/login-guard.ts';
import type { UserRow } from './account-store.ts';
import type { PasswordHasher } from './password-hasher.ts';

export type PasswordCheckDeps = {
  hasher: PasswordHasher;
  loginGuard: Pick<LoginGuard, 'check' | 'failed' | 'succeeded'>;
};

type Attempt = { username: string; address: string; authKey: string };

/**
 * Checks an auth key under the lock-out. Without a user it takes as long and fails the same way. Throws WRONG_PASSWORD or
 * LOCKED_OUT.
 */
export async function checkPassword(
  { hasher, loginGuard }: PasswordCheckDeps,
  user: UserRow | undefined,
  { username, address, authKey }: Attempt,
): Promise<UserRow> {
  loginGuard.check(username, address);
  const isRight = await hasher.verify(authKey, user?.auth_hash ?? null);
  if (user === undefined || !isRight) {
    loginGuard.failed(username, address);
    throw new AppError('WRONG_PASSWORD');
  }
  loginGuard.succeeded(username, address);
  return user;
}
