import { fail } from './state/failure.ts';
import type { AppActions } from './app-types.ts';
import type { Activity, ActivityDeps } from './session-activity.ts';

export type LaterActivity = {
  /** What it does before it is there is lost, and nobody misses it. */
  actions: Pick<AppActions, 'presence' | 'typing' | 'scheduled'>;
  /** Connected: from now on it is followed; where the piece cannot be had, the next connection asks again. */
  begin: () => Promise<void>;
  /** The connection is gone. */
  clear: () => void;
  stop: () => void;
};

export function createLaterActivity(deps: ActivityDeps): LaterActivity {
  let activity: Activity | null = null;
  let isStopped = false;
  const load = async (): Promise<Activity | null> => {
    if (activity !== null) return activity;
    const { createActivity } = await import('./session-activity.ts');
    if (!isStopped) activity ??= createActivity(deps);
    return activity;
  };
  /** Null where the server, which has the code, is away. */
  const loaded = (): Promise<Activity | null> => load().catch(() => null);
  return {
    actions: {
      presence: {
        look: (userUids) => activity?.presence.look(userUids),
        report: (isAway) => activity?.presence.report(isAway),
      },
      scheduled: {
        schedule: async (...input) =>
          (await loaded())?.scheduled.actions.schedule(...input) ?? fail('OFFLINE'),
        change: async (...input) => (await loaded())?.scheduled.actions.change(...input) ?? fail('OFFLINE'),
        cancel: async (...input) => (await loaded())?.scheduled.actions.cancel(...input) ?? fail('OFFLINE'),
        refresh: async () => (await loaded())?.scheduled.actions.refresh() ?? fail('OFFLINE'),
      },
      typing: {
        typed: (roomUid) => activity?.typing.typed(roomUid),
        sent: (roomUid) => activity?.typing.sent(roomUid),
      },
    },
    begin: async () => {
      const started = await loaded();
      if (started === null) return;
      // What waits for its time may have to be sealed anew.
      await Promise.all([started.scheduled.actions.refresh(), started.waitingPeople.ask()]);
    },
    clear: () => activity?.typing.clear(),
    stop: () => {
      isStopped = true;
      activity?.typing.stop();
      activity?.scheduled.stop();
      activity?.waitingPeople.stop();
    },
  };
}
