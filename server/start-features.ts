/** Which features there are, and what each is built on. A new feature is a line or two here. */
import { randomBytes } from 'node:crypto';
import type { AdminRequestName } from '#contract/admin.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import type { RateLimitName } from '#contract/request.ts';
import type { Database } from './database/open-database.ts';
import { createAccountRequests } from './features/accounts/account-requests.ts';
import { signedInUser } from './features/accounts/account-store.ts';
import { createAccountSecrets } from './features/accounts/account-secrets.ts';
import { checkPassword } from './features/accounts/password-check.ts';
import { createOldVaultRequests } from './features/accounts/old-vault-requests.ts';
import { createPasswordHasher } from './features/accounts/password-hasher.ts';
import { createRecoveryRequests } from './features/accounts/recovery-requests.ts';
import { createResetRequests } from './features/accounts/reset-requests.ts';
import { createSessionRequests } from './features/accounts/session-requests.ts';
import { sessionMaxAgeMs } from './features/accounts/session-rules.ts';
import { createSessions } from './features/accounts/sessions.ts';
import { createStatusExpiry } from './features/accounts/status-expiry.ts';
import type { Sessions } from './features/accounts/sessions.ts';
import { createVaultRestoreRequests } from './features/accounts/vault-restore.ts';
import { createVaultRequests } from './features/accounts/vault-requests.ts';
import { readRole } from './features/admin/admin-store.ts';
import { createAuditExport } from './features/audit/audit-export-requests.ts';
import { appendAudit } from './features/audit/audit-log.ts';
import { createRoomAuditRequests } from './features/audit/room-audit-requests.ts';
import type { Clock } from './features/feature-types.ts';
import { cleanUpIdempotency, createIdempotencyStore } from './features/idempotency/idempotency-store.ts';
import { createScheduledMemos } from './features/memos/memo-delivery.ts';
import { cleanUpMemos, createMemoRequests, unreadMemos } from './features/memos/memo-requests.ts';
import { createCursorEvents } from './features/messages/cursor-events.ts';
import { changeMessage, readableMessage, storedMessage } from './features/messages/message-change.ts';
import { cleanUpMentions } from './features/messages/mention-store.ts';
import { createEditingRequests } from './features/messages/message-editing.ts';
import { createMessageRequests, sendMessage } from './features/messages/message-requests.ts';
import { createMyMessageRequests } from './features/messages/my-message-requests.ts';
import {
  findAnswered,
  listMessagesAt,
  listWishedMessages,
  newestMessages,
} from './features/messages/message-store.ts';
import { createItemUpkeep } from './features/my/item-upkeep.ts';
import { cleanUpItems, countItems, hasItem, listItems, putItems } from './features/my/my-item-store.ts';
import { createMyItemRequests } from './features/my/my-requests.ts';
import { createPeopleRequests } from './features/people/people-requests.ts';
import { createNoticeCounts } from './features/pins/notice-counts.ts';
import { createNoticeRequests } from './features/pins/notice-requests.ts';
import { createPinRequests } from './features/pins/pin-requests.ts';
import { cleanUpAcks, deletePin, listReminders } from './features/pins/pin-store.ts';
import { createPollDeadlines } from './features/polls/poll-closing.ts';
import {
  cleanUpBallots,
  createPollRequests,
  forgetPoll,
  createSentPolls,
} from './features/polls/poll-requests.ts';
import { createPolicies } from './features/policies/policies.ts';
import type { Policies } from './features/policies/policies.ts';
import { createLastSeen } from './features/presence/last-seen.ts';
import { createPresenceRequests } from './features/presence/presence-requests.ts';
import { createPresence } from './features/presence/presence.ts';
import { createReactionRequests } from './features/reactions/reaction-requests.ts';
import { deleteReactionsTo } from './features/reactions/reaction-store.ts';
import { readCursors } from './features/rooms/cursor-view.ts';
import { createCreationLimit } from './features/rooms/creation-limit.ts';
import { cleanUpJoinRequests, createJoinRequests } from './features/rooms/join-requests.ts';
import { createKeySharing } from './features/rooms/key-sharing.ts';
import { createRekeySearch } from './features/rooms/rekey-search.ts';
import { createRoomRestoreRequests } from './features/rooms/restore-requests.ts';
import { createRoomAdministrationRequests } from './features/rooms/room-administration-requests.ts';
import { createRoomCleanUp } from './features/rooms/room-clean-up.ts';
import { readRoomStates } from './features/rooms/room-reading.ts';
import { proposeFormerRooms } from './features/rooms/room-proposals.ts';
import { purgeRooms } from './features/rooms/room-removal.ts';
import { createRoomRequests } from './features/rooms/room-requests.ts';
import { createScheduled } from './features/scheduled/scheduled-requests.ts';
import { cleanUpScheduled } from './features/scheduled/scheduled-store.ts';
import { createServerRequests } from './features/server-info/server-requests.ts';
import { ensureGeneration, noteGeneration, readSignUp } from './features/server-info/server-state.ts';
import type { RoomReaders } from './features/sync/room-changes.ts';
import { createSyncRequests } from './features/sync/sync-requests.ts';
import type { Audience } from './gateway/audience.ts';
import type { Delivery } from './gateway/delivery.ts';
import type { RequestHandlers } from './gateway/handler.ts';
import type { IdempotencyStore } from './gateway/idempotency.ts';
import type { LoginGuard } from './gateway/login-guard.ts';
import { createPeoplePowers } from './start-people.ts';
import type { PeoplePowers } from './start-people.ts';

export type FeaturesDeps = {
  database: Database<Delivery>;
  audience: Audience;
  loginGuard: LoginGuard;
  csrfTokenFor: (sessionToken: string) => string;
  /** The server's own secret. */
  secret: Uint8Array;
  setUpCode: string;
  rateLimits: Readonly<Record<RateLimitName, number>>;
  sessionTimeoutMs: number;
  maxContentLength: number;
  /** bcrypt's cost: 10 but in tests. */
  passwordCost: number;
  /** Of one person; the contract's limit but in tests. */
  roomsMadePerHour: number;
  clock: Clock;
  /** Accounts came, went or changed: open consoles are told. */
  peopleChanged: () => void;
  onBug: (error: unknown) => void;
};

export type Features = {
  handlers: Omit<RequestHandlers, AdminRequestName>;
  /** Checks a signed-in person's password once more; throws WRONG_PASSWORD or LOCKED_OUT. */
  confirmPassword: (person: { userId: number; address: string; authKey: string }) => Promise<void>;
  sessions: Sessions;
  policies: Policies;
  people: PeoplePowers;
  idempotencyStore: IdempotencyStore;
  /** Ends timers, writes down what was kept in memory. */
  stop: () => Promise<void>;
};

/** Builds every feature over the database and the audience. */
export async function startFeatures(deps: FeaturesDeps): Promise<Features> {
  const { database, audience, clock, secret, onBug } = deps;
  const { deliver } = audience;
  const live = { database, clock, deliver, online: audience, onBug };
  const generation = await ensureGeneration(database, randomBytes);
  const restoredAt = await noteGeneration(database, generation, clock.now());

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
  const readStates: RoomReaders['readRoomStates'] = (db, rooms) =>
    readRoomStates(db, rooms, newestMessages, receipts());
  const readers: RoomReaders = {
    readRoomStates: readStates,
    listWishedMessages,
    readCursors: (db, rooms) => readCursors(db, rooms, receipts()),
  };
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
  const accounts = {
    ...deps,
    invitations: people.invitations,
    hasher,
    secrets,
    randomBytes,
    readSignUp,
    appendAudit,
    sessions,
    sessionLimits,
    cleanUps,
    statusExpiry,
  };
  const creations = createCreationLimit(deps.roomsMadePerHour);
  const rooms = {
    database,
    rekeySearch,
    purge,
    appendAudit,
    creations,
    readNewest: newestMessages,
    receipts,
  };

  audience.watchPresence(presence);
  const askForEpochs = (userUid: string, userId: number): void =>
    void rekeySearch.connected(userUid, userId).catch(onBug);
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
  return {
    sessions,
    policies,
    people,
    idempotencyStore,
    async confirmPassword({ userId, address, authKey }) {
      const user = await signedInUser(database.read, userId);
      const attempt = { username: user.username ?? '', address, authKey };
      await checkPassword({ hasher, loginGuard: deps.loginGuard }, user, attempt);
    },
    handlers: {
      ...createServerRequests({ ...deps, generation, restoredAt }),
      ...createAccountRequests(accounts),
      ...createSessionRequests(accounts),
      ...createVaultRequests(accounts),
      ...createVaultRestoreRequests({ ...accounts, restoredAt }),
      ...createRecoveryRequests({ ...accounts, proposeFormerRooms }),
      ...createResetRequests({ ...accounts, proposeFormerRooms, restored: { restoredAt, generation } }),
      ...createOldVaultRequests(accounts),
      ...createPeopleRequests(deps),
      ...createRoomRequests({ ...rooms, introduce: presence.introduce }),
      ...createRoomAdministrationRequests({ database, appendAudit }),
      ...createRoomAuditRequests({ database }),
      ...createAuditExport({ database, readRole: (userId) => readRole(database.read, userId) }),
      ...createJoinRequests({ database, appendAudit }),
      ...createKeySharing({ database, online: audience }),
      ...createRoomRestoreRequests({ ...rooms, introduce: presence.introduce, restoredAt }),
      ...createMessageRequests({ database, cursors, polls }),
      ...scheduled.handlers,
      ...createEditingRequests({
        database,
        policies: policies.current,
        forget: [deleteReactionsTo, forgetPoll, deletePin],
      }),
      ...createMyMessageRequests({ database, putItems, hasItem, countItems }),
      ...createReactionRequests({ database, readableMessage, changeMessage }),
      ...createPollRequests({ database, readableMessage, changeMessage, listMessagesAt }),
      ...createPinRequests({ database, readableMessage, changeMessage, listMessagesAt, appendAudit }),
      ...createNoticeRequests({ database, readableMessage, counts: noticeCounts }),
      ...createMyItemRequests({ database }),
      ...createMemoRequests({ database, scheduled: scheduledMemos }),
      ...createSyncRequests({
        database,
        generation,
        readers,
        listItems,
        unreadMemos,
        listReminders,
        presentIn: presence.presentIn,
        policies: policies.current,
      }),
      ...createPresenceRequests({ ...live, presence, lastSeen }),
    },
    async stop() {
      const parts = [
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
      for (const part of parts) part.stop();
      await lastSeen.stop(audience.onlineUserUids()).catch(onBug);
      await sessions.stop();
      await hasher.close();
    },
  };
}

/** Beside this file in the source tree's features, beside the entry in a bundle. */
const passwordWorkerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './features/accounts/password-worker.ts' : './password-worker.js',
  import.meta.url,
);
