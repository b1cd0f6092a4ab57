/**
 * An account that waits until an administrator lets it in: asks now and then, and goes on by itself once somebody did
 * (`account:waiting`). The server knows this browser by its cookie, which the registration or sign-in has set.
 */
import type { HttpCall } from '../../connection/http-call.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import type { AccountState } from './account-state.ts';
import type { AccountSession } from './session-actions.ts';
import { waitingName } from './approval-loading.ts';

export type ApprovalWaitDeps = {
  http: HttpCall;
  account: Store<AccountState>;
  session: Pick<AccountSession, 'adopt'>;
  storage: Pick<ClientStorage, 'putValue' | 'removeValue'>;
  timers: Timers;
};

export type ApprovalWait = {
  /** Shows that the account waits; `open` opens the vault of the sign-in that was adopted and begins the session. */
  begin: (username: string, open: () => Promise<Result<void>>) => void;
  /** Asks at once: the page is looked at again. */
  wakeUp: () => void;
  /** Back to the sign-in form; the account goes on waiting. */
  cancel: () => void;
  /** Ends the asking without a word. */
  stop: () => void;
};

/** Somebody sits before the screen and waits; one request in so long is nothing to the server. */
const askEveryMs = 4_000;

export const createApprovalWait = (deps: ApprovalWaitDeps): ApprovalWait => {
  const { http, account, session, storage, timers } = deps;
  let current = 0;
  let cancelTimer = (): void => undefined;
  let askNow = (): void => undefined;

  const stop = (): void => {
    current += 1;
    cancelTimer();
    askNow = () => undefined;
  };
  const forget = (): void => drop(storage.removeValue(waitingName));

  const letIn = async (open: () => Promise<Result<void>>, isCurrent: () => boolean): Promise<boolean> => {
    const resumed = await http('session:resume', {});
    if (!resumed.ok || !isCurrent()) return false;
    stop();
    forget();
    session.adopt(resumed.value);
    const opened = await open();
    // this page has no keys to open it with (any more): the password is asked for once
    if (!opened.ok) account.patch({ phase: { name: 'locked', me: resumed.value.me, isBusy: false } });
    return true;
  };

  return {
    begin: (username, open) => {
      stop();
      const mine = current;
      const isCurrent = (): boolean => mine === current;
      const askOnce = async (): Promise<void> => {
        cancelTimer();
        const answer = await http('account:waiting', {});
        if (!isCurrent()) return;
        const state = answer.ok ? answer.value.state : 'waiting';
        if (state === 'none') {
          stop();
          forget();
          account.patch({ phase: { name: 'signed-out', endReason: 'not-waiting', isBusy: false } });
          return;
        }
        account.patch({
          phase: { name: 'waiting', username, isServerAway: !answer.ok && answer.isRetryable },
        });
        if (state === 'approved' && (await letIn(open, isCurrent))) return;
        if (isCurrent()) cancelTimer = timers.after(askEveryMs, askNow);
      };
      let isAsking = false;
      let isWantedAgain = false;
      const ask = async (): Promise<void> => {
        isWantedAgain = isAsking;
        if (isAsking) return;
        isAsking = true;
        do {
          isWantedAgain = false;
          await askOnce();
        } while (isWantedAgain && isCurrent());
        isAsking = false;
      };
      askNow = () => drop(ask());
      // after a reload the screen says so again
      drop(storage.putValue(waitingName, username));
      account.patch({ phase: { name: 'waiting', username, isServerAway: false } });
      askNow();
    },
    wakeUp: () => askNow(),
    cancel: () => {
      stop();
      forget();
      account.patch({ phase: { name: 'signed-out', endReason: null, isBusy: false } });
    },
    stop,
  };
};
