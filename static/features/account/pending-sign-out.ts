/** A sign-out that the server has not heard of: only the server can end its session, so this browser tells it later. */
import type { HttpCall } from '../../connection/http-call.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import type { AccountSession } from './session-actions.ts';

export type PendingSignOut = {
  /** The server could not be reached: this session is to be ended as soon as it can. */
  note: (sessionUid: string) => Promise<void>;
  /** Ends the session that was noted, if this browser still has it; before anything else is done about sessions. */
  finish: () => Promise<void>;
};

const noteName = 'sign-out-pending';

export const createPendingSignOut = (deps: {
  http: HttpCall;
  session: Pick<AccountSession, 'adopt' | 'forget'>;
  storage: ClientStorage;
}): PendingSignOut => {
  const { http, session, storage } = deps;

  /** True once there is nothing left to do. */
  const endNoted = async (sessionUid: string): Promise<boolean> => {
    const resumed = await http('session:resume', {});
    if (!resumed.ok) return !resumed.isRetryable;
    // Somebody has signed in since then; that session is not the one that was to end.
    if (resumed.value.sessionUid !== sessionUid) return true;
    session.adopt(resumed.value);
    const ended = await http('account:logout', {});
    session.forget();
    return ended.ok || !ended.isRetryable;
  };

  return {
    note: async (sessionUid) => {
      // Without storage the session ends when it expires.
      await storage.putValue(noteName, sessionUid).catch(() => undefined);
    },
    finish: async () => {
      const sessionUid = await storage.getValue(noteName).catch(() => null);
      if (sessionUid !== null && (await endNoted(sessionUid)))
        await storage.removeValue(noteName).catch(() => undefined);
    },
  };
};
