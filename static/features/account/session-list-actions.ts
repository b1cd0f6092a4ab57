/** Where this account is signed in. */
import type { HttpCall } from '../../connection/http-call.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { SessionsState } from './account-state.ts';

export type SessionListActions = {
  load: () => Promise<void>;
  revoke: (sessionUid: string) => Promise<Result<void>>;
};

export const createSessionListActions = (deps: {
  http: HttpCall;
  sessions: Store<SessionsState>;
}): SessionListActions => {
  const { http, sessions } = deps;
  const load = async (): Promise<void> => {
    sessions.patch({ isLoading: true, failure: null });
    const result = await http('session:list', {});
    sessions.patch(
      result.ok
        ? { sessions: result.value.sessions, isLoading: false }
        : { isLoading: false, failure: result },
    );
  };
  return {
    load,
    revoke: async (sessionUid) => {
      const result = await http('session:revoke', { sessionUid });
      // Gone already is what was wanted.
      if (!result.ok && result.code !== 'NOT_FOUND') return result;
      await load();
      return succeed(undefined);
    },
  };
};
