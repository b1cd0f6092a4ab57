/** What a session follows of others at the moment, and tells of itself: a piece that comes once the first screen is there. */
import type { Connection } from './connection/socket-connection.ts';
import type { AppStoresInside } from './environment.ts';
import { createPresenceActions } from './features/presence/presence-actions.ts';
import type { PresenceActions } from './features/presence/presence-actions.ts';
import { createTypingActions } from './features/typing/typing-actions.ts';
import type { TypingActions } from './features/typing/typing-actions.ts';
import { createScheduledActions } from './features/scheduled/scheduled-actions.ts';
import type { ScheduledDeps, ScheduledParts } from './features/scheduled/scheduled-actions.ts';
import { createWaitingPeople } from './features/people/waiting-people.ts';
import type { WaitingPeople } from './features/people/waiting-people.ts';
import type { Timers } from './state/timers.ts';

export type ActivityDeps = Omit<ScheduledDeps, 'connection' | 'rooms' | 'scheduled'> & {
  connection: Pick<Connection, 'call' | 'on'>;
  stores: Pick<AppStoresInside, 'account' | 'rooms' | 'typing' | 'presence' | 'scheduled' | 'waitingPeople'>;
  timers: Timers;
};

export type Activity = {
  presence: PresenceActions;
  typing: TypingActions;
  scheduled: ScheduledParts;
  waitingPeople: WaitingPeople;
};

export function createActivity(deps: ActivityDeps): Activity {
  const { connection, stores, timers, meUid } = deps;
  const { rooms, typing, presence } = stores;
  const activity = {
    presence: createPresenceActions({ call: connection.call, presence }),
    typing: createTypingActions({ connection, rooms, typing, timers, meUid }),
    scheduled: createScheduledActions({ ...deps, rooms, scheduled: stores.scheduled }),
    waitingPeople: createWaitingPeople({ connection, stores }),
  };
  // Whoever was on screen before this came is looked at once more.
  presence.update((state) => ({ ...state }));
  return activity;
}
