/** Which features there are, and what each is built on. A new feature is a line or two here. */
import { randomBytes } from 'node:crypto';
import type { AdminRequestName } from '#contract/admin.ts';
import type { RateLimitName } from '#contract/request.ts';
import { createAccountRequests } from './features/accounts/account-requests.ts';
import { signedInUser } from './features/accounts/account-store.ts';
import { checkPassword } from './features/accounts/password-check.ts';
import { createOldVaultRequests } from './features/accounts/old-vault-requests.ts';
import { createRecoveryRequests } from './features/accounts/recovery-requests.ts';
import { createResetRequests } from './features/accounts/reset-requests.ts';
import { createSessionRequests } from './features/accounts/session-requests.ts';
import type { Sessions } from './features/accounts/sessions.ts';
import { createVaultRestoreRequests } from './features/accounts/vault-restore.ts';
import { createVaultRequests } from './features/accounts/vault-requests.ts';
import { readRole } from './features/admin/admin-store.ts';
import { createAuditExport } from './features/audit/audit-export-requests.ts';
import { appendAudit } from './features/audit/audit-log.ts';
import { createRoomAuditRequests } from './features/audit/room-audit-requests.ts';
import { createMemoRequests, unreadMemos } from './features/memos/memo-requests.ts';
import { changeMessage, readableMessage } from './features/messages/message-change.ts';
import { createEditingRequests } from './features/messages/message-editing.ts';
import { createMessageRequests } from './features/messages/message-requests.ts';
import { createMyMessageRequests } from './features/messages/my-message-requests.ts';
import { listMessagesAt, listWishedMessages, newestMessages } from './features/messages/message-store.ts';
import { countItems, hasItem, listItems, putItems } from './features/my/my-item-store.ts';
import { createMyItemRequests } from './features/my/my-requests.ts';
import { createPeopleRequests } from './features/people/people-requests.ts';
import { createNoticeRequests } from './features/pins/notice-requests.ts';
import { createPinRequests } from './features/pins/pin-requests.ts';
import { deletePin, listReminders } from './features/pins/pin-store.ts';
import { createPollRequests, forgetPoll } from './features/polls/poll-requests.ts';
import type { Policies } from './features/policies/policies.ts';
import { createPresenceRequests } from './features/presence/presence-requests.ts';
import { createReactionRequests } from './features/reactions/reaction-requests.ts';
import { deleteReactionsTo } from './features/reactions/reaction-store.ts';
import { readCursors } from './features/rooms/cursor-view.ts';
import { createCreationLimit } from './features/rooms/creation-limit.ts';
import { createJoinRequests } from './features/rooms/join-requests.ts';
import { createKeySharing } from './features/rooms/key-sharing.ts';
import { createRoomRestoreRequests } from './features/rooms/restore-requests.ts';
import { createRoomAdministrationRequests } from './features/rooms/room-administration-requests.ts';
import { readRoomStates } from './features/rooms/room-reading.ts';
import { proposeFormerRooms } from './features/rooms/room-proposals.ts';
import { createRoomRequests } from './features/rooms/room-requests.ts';
import { createServerRequests } from './features/server-info/server-requests.ts';
import { ensureGeneration, noteGeneration, readSignUp } from './features/server-info/server-state.ts';
import type { RoomReaders } from './features/sync/room-changes.ts';
import { createSyncRequests } from './features/sync/sync-requests.ts';
import type { RequestHandlers } from './gateway/handler.ts';
import type { IdempotencyStore } from './gateway/idempotency.ts';
import type { LoginGuard } from './gateway/login-guard.ts';
import type { PeoplePowers } from './start-people.ts';
import { createParts } from './start-parts.ts';
import type { Parts, PartsDeps } from './start-parts.ts';

export type FeaturesDeps = PartsDeps & {
  loginGuard: LoginGuard;
  csrfTokenFor: (sessionToken: string) => string;
  setUpCode: string;
  rateLimits: Readonly<Record<RateLimitName, number>>;
  maxContentLength: number;
  /** Of one person; the contract's limit but in tests. */
  roomsMadePerHour: number;
  /** Accounts came, went or changed: open consoles are told. */
  peopleChanged: () => void;
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
  const { database } = deps;
  const generation = await ensureGeneration(database, randomBytes);
  const restoredAt = await noteGeneration(database, generation, deps.clock.now());
  const era = { generation, restoredAt };
  const parts = await createParts(deps);
  const { sessions, policies, people, idempotencyStore, hasher } = parts;
  parts.start();
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
      ...accountHandlers(deps, parts, era),
      ...roomHandlers(deps, parts, era),
      ...messageHandlers(deps, parts),
      ...syncHandlers(deps, parts, era),
    },
    stop: () => parts.stop(),
  };
}

/** Which life of the data this is: another one begins with each restore. */
type Era = { generation: string; restoredAt: Awaited<ReturnType<typeof noteGeneration>> };

function accountHandlers(deps: FeaturesDeps, parts: Parts, { generation, restoredAt }: Era) {
  const { database } = deps;
  const { sessionLimits, sessions, hasher, secrets, statusExpiry, cleanUps, people } = parts;
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
  return {
    ...createServerRequests({ ...deps, generation, restoredAt }),
    ...createAccountRequests(accounts),
    ...createSessionRequests(accounts),
    ...createVaultRequests(accounts),
    ...createVaultRestoreRequests({ ...accounts, restoredAt }),
    ...createRecoveryRequests({ ...accounts, proposeFormerRooms }),
    ...createResetRequests({ ...accounts, proposeFormerRooms, restored: { restoredAt, generation } }),
    ...createOldVaultRequests(accounts),
    ...createPeopleRequests(deps),
    ...createAuditExport({ database, readRole: (userId) => readRole(database.read, userId) }),
  };
}

function roomHandlers(deps: FeaturesDeps, parts: Parts, { restoredAt }: Era) {
  const { database, audience } = deps;
  const { receipts, presence, rekeySearch, purge } = parts;
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
  return {
    ...createRoomRequests({ ...rooms, introduce: presence.introduce }),
    ...createRoomAdministrationRequests({ database, appendAudit }),
    ...createRoomAuditRequests({ database }),
    ...createJoinRequests({ database, appendAudit }),
    ...createKeySharing({ database, online: audience }),
    ...createRoomRestoreRequests({ ...rooms, introduce: presence.introduce, restoredAt }),
  };
}

function messageHandlers({ database }: FeaturesDeps, parts: Parts) {
  const { policies, cursors, noticeCounts, scheduledMemos, polls, scheduled } = parts;
  return {
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
    ...createMemoRequests({ database, scheduled: scheduledMemos }),
  };
}

function syncHandlers({ database }: FeaturesDeps, parts: Parts, { generation }: Era) {
  const { live, policies, receipts, presence, lastSeen } = parts;
  const readStates: RoomReaders['readRoomStates'] = (db, rooms) =>
    readRoomStates(db, rooms, newestMessages, receipts());
  const readers: RoomReaders = {
    readRoomStates: readStates,
    listWishedMessages,
    readCursors: (db, rooms) => readCursors(db, rooms, receipts()),
  };
  return {
    ...createMyItemRequests({ database }),
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
  };
}
