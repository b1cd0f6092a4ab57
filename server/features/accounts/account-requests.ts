/** Accounts: names, registration, sign-in and sign-out, profile, deletion. */
import { canonicalUsername, Username } from '#contract/ids.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import { endSession } from '../../gateway/delivery.ts';
import { sha256 } from '../identity-statement.ts';
import { toMe } from '../person-row.ts';
import { deleteAccount } from './account-deletion.ts';
import type { DeletionDeps } from './account-deletion.ts';
import { defaultKdf } from './account-secrets.ts';
import { findUser, findUserByName, isNameTaken, signedInUser } from './account-store.ts';
import { checkPassword } from './password-check.ts';
import { changeProfile } from './profile-change.ts';
import { admit, register } from './registration.ts';
import type { RegistrationDeps } from './registration.ts';
import { isSessionAlive } from './session-rules.ts';
import type { SessionLimits } from './session-rules.ts';
import { deleteSessionByToken, findWaitingSession } from './session-store.ts';
import type { Sessions } from './sessions.ts';
import type { StatusExpiry } from './status-expiry.ts';
import { admitSession, newSession, startSession } from './sign-in.ts';

export type AccountDeps = RegistrationDeps &
  DeletionDeps & {
    statusExpiry: Pick<StatusExpiry, 'planned'>;
    sessions: Pick<Sessions, 'lastUse' | 'noteUse'>;
    sessionLimits: SessionLimits;
  };

type AccountRequestName = EntryName | ProfileName;

export const createAccountRequests = (deps: AccountDeps): Pick<RequestHandlers, AccountRequestName> => ({
  ...createEntryRequests(deps),
  ...createProfileRequests(deps),
});

type EntryName =
  | 'account:check-name'
  | 'account:prelogin'
  | 'account:register'
  | 'account:login'
  | 'account:waiting'
  | 'account:logout';

function createEntryRequests(deps: AccountDeps): Pick<RequestHandlers, EntryName> {
  const { database, secrets } = deps;
  return {
    async 'account:check-name'(context, { username, ...codes }) {
      await admit(deps, database.read, context, codes);
      if (await isNameTaken(database.read, username, secrets.retiredName(username))) {
        throw new AppError('NAME_TAKEN', { field: 'username' });
      }
      return { username };
    },

    async 'account:prelogin'(_context, input) {
      const username = canonicalUsername(input.username);
      const user = await findUserByName(database.read, username);
      const madeUp = secrets.madeUpSalt(username);
      if (user === undefined || user.salt === null) return { salt: madeUp, kdf: { ...defaultKdf } };
      const kdf = {
        memoryKiB: user.kdf_memory_kib,
        iterations: user.kdf_iterations,
        parallelism: 1 as const,
      };
      return { salt: user.salt, kdf };
    },

    'account:register': (context, input) => register(deps, context, input),

    async 'account:login'(context, input) {
      const username = canonicalUsername(input.username);
      // a text that can be nobody's name still takes the whole way, so that it cannot be told apart
      const named = Username.safeParse(username).success
        ? await findUserByName(database.read, username)
        : undefined;
      const { address } = context;
      const user = await checkPassword(deps, named, { username, address, authKey: input.authKey });
      const session = newSession(deps);
      await database.write(async (unit) => {
        const now = await findUser(unit.db, user.id);
        // the password may have been changed while this one was being checked
        if (now === undefined || now.auth_hash !== user.auth_hash) throw new AppError('WRONG_PASSWORD');
        if (now.state !== 'active' && now.is_pending === 0) throw new AppError('ACCOUNT_DISABLED');
        return { value: undefined, events: await startSession(unit, context, user.id, session) };
      });
      return admitSession(deps, context, user.id, session);
    },

    async 'account:waiting'({ cookie: { token }, now }) {
      const row = token === null ? undefined : await findWaitingSession(database.read, sha256(token));
      if (row === undefined) return { state: 'none' };
      const { lastUse, noteUse } = deps.sessions;
      if (!isSessionAlive(row, lastUse(row.uid), deps.sessionLimits, now)) return { state: 'none' };
      // somebody sits before the page and waits
      noteUse(row.uid);
      return { state: row.is_pending === 1 ? 'waiting' : row.state === 'active' ? 'approved' : 'none' };
    },

    async 'account:logout'(context) {
      const { token } = context.cookie;
      await database.write(async (unit) => {
        const ended = token === null ? null : await deleteSessionByToken(unit, sha256(token));
        return { value: undefined, events: ended === null ? [] : [endSession(ended, 'signed-out')] };
      });
      context.cookie.end();
      return {};
    },
  };
}

type ProfileName = 'account:me' | 'account:update' | 'account:delete';

function createProfileRequests(deps: AccountDeps): Pick<RequestHandlers, ProfileName> {
  const { database } = deps;
  return {
    'account:me': async ({ caller }) => toMe(await signedInUser(database.read, caller.userId)),

    async 'account:update'({ caller, now }, input) {
      const me = await database.write((unit) => changeProfile(unit, caller.userId, input, now));
      if (me.statusUntil !== undefined) deps.statusExpiry.planned(me.statusUntil);
      return me;
    },

    async 'account:delete'(context, { authKey }) {
      await deleteAccount(deps, context, authKey);
      return {};
    },
  };
}
