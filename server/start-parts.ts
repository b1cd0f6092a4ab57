/** What lives as long as the server and is shared by its features: sessions, presence, timers, clean-ups. */
import type { ReadReceipts } from '#contract/policies.ts';
import type { Database } from './database/open-database.ts';
import { createAccountSecrets } from './features/accounts/account-secrets.ts';
import { createPasswordHasher } from './features/accounts/password-hasher.ts';
import { sessionMaxAgeMs } from './features/accounts/session-rules.ts';
import { createSessions } from './features/accounts/sessions.ts';
import { createStatusExpiry } from './features/accounts/status-expiry.ts';
import { appendAudit } from './features/audit/audit-log.ts';
import type { Clock } from './features/feature-types.ts';
import { cleanUpIdempotency, createIdempotencyStore } from './features/idempotency/idempotency-store.ts';
import { createScheduledMemos } from './features/memos/memo-delivery.ts';
import { cleanUpMemos } from './features/memos/memo-requests.ts';
import { createCursorEvents } from './features/messages/cursor-events.ts';
import { changeMessage, storedMessage } from './features/messages/message-change.ts';
import { cleanUpMentions } from './features/messages/mention-store.ts';
import { sendMessage } from './features/messages/message-requests.ts';
import { findAnswered } from './features/messages/message-store.ts';
import { createItemUpkeep } from './features/my/item-upkeep.ts';
import { cleanUpItems } from './features/my/my-item-store.ts';
import { createNoticeCounts } from './features/pins/notice-counts.ts';
import { cleanUpAcks } from './features/pins/pin-store.ts';
import { createPollDeadlines } from './features/polls/poll-closing.ts';
import { cleanUpBallots, createSentPolls } from './features/polls/poll-requests.ts';
import { createPolicies } from './features/policies/policies.ts';
import { createLastSeen } from './features/presence/last-seen.ts';
import { createPresence } from './features/presence/presence.ts';
import { cleanUpJoinRequests } from './features/rooms/join-requests.ts';
import { createRekeySearch } from './features/rooms/rekey-search.ts';
import { createRoomCleanUp } from './features/rooms/room-clean-up.ts';
import { purgeRooms } from './features/rooms/room-removal.ts';
import { createScheduled } from './features/scheduled/scheduled-requests.ts';
import { cleanUpScheduled } from './features/scheduled/scheduled-store.ts';
import type { Audience } from './gateway/audience.ts';
import type { Delivery } from './gateway/delivery.ts';
import { createPeoplePowers } from './start-people.ts';

export type PartsDeps = {
  database: Database<Delivery>;
  audience: Audience;
  /** The server's own secret. */
  secret: Uint8Array;
  sessionTimeoutMs: number;
  /** bcrypt's cost: 10 but in tests. */
  passwordCost: number;
  clock: Clock;
  onBug: (error: unknown) => void;
};

/** Builds all of it; timers and listeners begin with `start`. */
export async function createParts(deps: PartsDeps) {
  const { database, audience, clock, secret, onBug } = deps;
  const { deliver } = audience;
  const live = { database, clock, deliver, online: audience, onBug };
  const sessionLimits = { timeoutMs: deps.sessionTimeoutMs, maxAgeMs: sessionMaxAgeMs };
  const sessions = createSessions({ database, clock, limits: sessionLimits, onBug });
  const hasher = createPasswordHasher({ workerEntry: passwordWorkerEntry, cost: deps.passwordCost });
  const secrets = createAccountSecrets(secret);
  const idempotencyStore = createIdempotencyStore(live);
  const itemUpkeep = createItemUpkeep(live);
  const policies = await createPolicies(live);
  const receipts = (): ReadReceipts => policies.current().readReceipts;
  const presence = createPresence(live);
  const lastSeen = createLastSeen(live);
  const statusExpiry = createStatusExpiry(live);
  const rekeySearch = createRekeySearch(live);
  const cursors = createCursorEvents({ ...live, receipts });
  const pollDeadlines = createPollDeadlines({ ...live, storedMessage, changeMessage });
  const noticeCounts = createNoticeCounts(live);
  const scheduledMemos = createScheduledMemos(live);
  const polls = createSentPolls(pollDeadlines);
  const scheduled = createScheduled({
    ...live,
    send: async (unit, caller, input, now) => (await sendMessage(unit, { caller, now }, input, polls)).events,
    wasSent: async ({ db }, userId, clientId) => (await findAnswered(db, userId, clientId)) !== undefined,
  });
  const purge = (): void => void purgeRooms(database).catch(onBug);
  const cleanUps = [
    cleanUpIdempotency,
    cleanUpBallots,
    cleanUpAcks,
    cleanUpItems,
    cleanUpMentions,
    cleanUpScheduled,
    cleanUpMemos,
    cleanUpJoinRequests,
    createRoomCleanUp({ rekeySearch, purge, appendAudit }),
  ];
  const people = createPeoplePowers({ database, secret, rekeySearch });
  const askForEpochs = (userUid: string, userId: number): void =>
    void rekeySearch.connected(userUid, userId).catch(onBug);
  return {
    live,
    sessionLimits,
    sessions,
    hasher,
    secrets,
    policies,
    receipts,
    presence,
    lastSeen,
    statusExpiry,
    rekeySearch,
    cursors,
    noticeCounts,
    scheduledMemos,
    polls,
    scheduled,
    purge,
    cleanUps,
    people,
    idempotencyStore,
    start(): void {
      audience.watchPresence(presence);
      audience.watchPresence({
        connected: askForEpochs,
        entered: askForEpochs,
        disconnected: lastSeen.gone,
      });
      sessions.start();
      idempotencyStore.start();
      itemUpkeep.start();
      pollDeadlines.start();
      scheduled.work.start();
      scheduledMemos.start();
      statusExpiry.start();
      purge();
    },
    /** Ends timers, writes down what was kept in memory. */
    async stop(): Promise<void> {
      const stoppable = [
        presence,
        rekeySearch,
        cursors,
        pollDeadlines,
        noticeCounts,
        scheduledMemos,
        statusExpiry,
        idempotencyStore,
        itemUpkeep,
        scheduled.work,
      ];
      for (const part of stoppable) part.stop();
      await lastSeen.stop(audience.onlineUserUids()).catch(onBug);
      await sessions.stop();
      await hasher.close();
    },
  };
}

export type Parts = Awaited<ReturnType<typeof createParts>>;

/** Beside this file in the source tree's features, beside the entry in a bundle. */
const passwordWorkerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './features/accounts/password-worker.ts' : './password-worker.js',
  import.meta.url,
);
