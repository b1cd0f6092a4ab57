/** Sessions: going on after a reload, seeing where one is signed in, ending one from afar. */
import { AppError } from '../../app-error.ts';
import { endSession } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase } from '../feature-types.ts';
import type { Sessions } from './sessions.ts';
import { isSessionAlive } from './session-rules.ts';
import type { SessionLimits } from './session-rules.ts';
import { deleteSession, listSessions } from './session-store.ts';
import { signedInAnswer } from './sign-in.ts';
import type { SignInDeps } from './sign-in.ts';

export type SessionRequestDeps = SignInDeps & {
  database: FeatureDatabase;
  sessions: Pick<Sessions, 'lastUse'>;
  sessionLimits: SessionLimits;
};

export type SessionRequestName = 'session:resume' | 'session:list' | 'session:revoke';

export function createSessionRequests(deps: SessionRequestDeps): Pick<RequestHandlers, SessionRequestName> {
  const { database, sessions, sessionLimits } = deps;
  return {
    'session:resume'({ caller, cookie }) {
      if (cookie.token === null) throw new AppError('NOT_SIGNED_IN');
      const { sessionUid, userId } = caller;
      return signedInAnswer(deps, database.read, userId, { token: cookie.token, sessionUid });
    },

    async 'session:list'({ caller, now }) {
      const rows = await listSessions(database.read, caller.userId);
      const alive = rows.filter((row) => isSessionAlive(row, sessions.lastUse(row.uid), sessionLimits, now));
      return {
        sessions: alive.map((row) => ({
          sessionUid: row.uid,
          userAgent: row.user_agent,
          address: row.address,
          createdAt: row.created_at,
          lastUsedAt: Math.max(row.last_used_at, sessions.lastUse(row.uid)),
          isCurrent: row.uid === caller.sessionUid,
        })),
      };
    },

    'session:revoke': ({ caller }, { sessionUid }) =>
      database.write(async (unit) => {
        if (!(await deleteSession(unit, caller.userId, sessionUid))) throw new AppError('NOT_FOUND');
        return { value: {}, events: [endSession(sessionUid, 'revoked')] };
      }),
  };
}
