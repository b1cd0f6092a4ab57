/** Actions of a session whose code comes with the first call, or a while after the messenger. */
import type { Mentions } from '#contract/mentions.ts';
import type { AppActions } from './app-types.ts';
import type { Call, Connection } from './connection/socket-connection.ts';
import type { CryptoEngine } from './crypto/index.ts';
import type { AppStoresInside, Environment } from './environment.ts';
import { memoNames } from './features/memos/memo-names.ts';
import { editingNames } from './features/messages/editing-names.ts';
import type { MessageActions } from './features/messages/message-actions.ts';
import { pinNames } from './features/pins/pin-names.ts';
import { pollActionNames } from './features/polls/poll-watch.ts';
import { reactionNames } from './features/reactions/reaction-names.ts';
import type { RoomKeys } from './features/rooms/room-keys.ts';
import type { HealingActions } from './features/trust/healing-actions.ts';
import { deskNames, healingNames, recoveryNames } from './features/trust/trust-news.ts';
import type { Clock } from './state/clock.ts';
import type { Result } from './state/failure.ts';
import { createLaterActions } from './state/later-actions.ts';

type LaterDeps = Pick<Environment, 'random' | 'storage' | 'timers'> & {
  connection: Connection;
  call: Call;
  crypto: CryptoEngine;
  keys: RoomKeys;
  rooms: AppStoresInside['rooms'];
  people: AppStoresInside['people'];
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
  catchUp: (roomUid: string) => Promise<boolean>;
  clock: Clock;
  stores: AppStoresInside;
  userUid: string;
  meUid: string;
  shareKeys: (roomUid: string) => Promise<Result<void>>;
  send: MessageActions['send'];
  mentionsOf: (roomUid: string, text: string) => Mentions | undefined;
  /** What ends with the session. */
  onStop: (stop: () => void) => void;
};

type LaterActions = Pick<
  AppActions,
  'reactions' | 'pins' | 'memos' | 'editing' | 'polls' | 'trust' | 'recovery'
> & { healing: HealingActions };

export const createLaterSessionActions = (deps: LaterDeps): LaterActions => {
  const { stores } = deps;
  const healing = createLaterActions(healingNames, async () =>
    (await import('./features/trust/healing-actions.ts')).createHealingActions(deps),
  );
  return {
    healing,
    reactions: createLaterActions(reactionNames, async () =>
      (await import('./features/reactions/reaction-actions.ts')).createReactionActions(deps),
    ),
    pins: createLaterActions(pinNames, async () =>
      (await import('./features/pins/pin-actions.ts')).createPinActions({ ...deps, pins: stores.pins }),
    ),
    memos: createLaterActions(memoNames, async () =>
      (await import('./features/memos/memo-actions.ts')).createMemoActions(deps),
    ),
    editing: createLaterActions(editingNames, async () => {
      const { createEditingActions } = await import('./features/messages/editing-actions.ts');
      return createEditingActions({ ...deps, quotes: stores.quotes });
    }),
    polls: createLaterActions(pollActionNames, async () =>
      (await import('./features/polls/poll-actions.ts')).createPollActions({ ...deps, polls: stores.polls }),
    ),
    trust: createLaterActions(deskNames, async () => {
      const { createDeskActions } = await import('./features/trust/desk-actions.ts');
      return createDeskActions({ ...deps, trust: stores.trust, healing });
    }),
    recovery: createLaterActions(recoveryNames, async () => {
      const { createRecoveryActions } = await import('./features/trust/recovery-actions.ts');
      const { account, trust } = stores;
      return createRecoveryActions({ ...deps, account, trust });
    }),
  };
};
