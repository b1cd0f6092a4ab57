/** The parts of a session, put together. */
import type { SignedIn } from '#contract/accounts.ts';
import type { Mentions } from '#contract/mentions.ts';
import { createConnection } from './connection/socket-connection.ts';
import { startClockWatch } from './connection/clock-watch.ts';
import { createLease } from './connection/outbox-lease.ts';
import { createOutboxStorage } from './connection/outbox-storage.ts';
import { createOutbox } from './connection/outbox.ts';
import { createSocketLink } from './connection/socket-link.ts';
import type { CryptoEngine } from './crypto/index.ts';
import type { AppStoresInside, Environment } from './environment.ts';
import { createPinsActions } from './features/account/pins-actions.ts';
import { followMemos } from './features/memos/memo-news.ts';
import { createDraftKeeper } from './features/messages/draft-actions.ts';
import { createHistoryActions } from './features/messages/history-actions.ts';
import { callablesOf, callsMe, mentionsIn } from './features/messages/mention-text.ts';
import { createMessageActions, createSealer, sendInput } from './features/messages/message-actions.ts';
import { startOpening } from './features/messages/opening-actions.ts';
import { createMySync } from './features/my/my-sync.ts';
import { createMyRoomActions } from './features/my/my-room-actions.ts';
import { createNotifier } from './features/notifications/notification-actions.ts';
import { isNoticeWanted } from './features/notifications/notice-rules.ts';
import { createDirectoryActions } from './features/people/directory-actions.ts';
import { followReminders } from './features/pins/pin-news.ts';
import { withPeople } from './features/people/person-state.ts';
import { createPolicyActions } from './features/policies/policy-actions.ts';
import { watchMyVotes } from './features/polls/poll-watch.ts';
import { createAdministration } from './features/rooms/administration.ts';
import { createMembership } from './features/rooms/membership.ts';
import { createReadActions } from './features/rooms/read-actions.ts';
import { createRoomActions } from './features/rooms/room-actions.ts';
import { createRoomCacheWriter } from './features/rooms/room-cache-writer.ts';
import { createRoomKeys } from './features/rooms/room-keys.ts';
import { createRoomReturn } from './features/rooms/room-return.ts';
import { createSyncActions } from './features/rooms/sync-actions.ts';
import { createDisposables } from './state/disposables.ts';
import { tryCrypto } from './state/crypto-failure.ts';
import { drop } from './state/drop.ts';
import { succeed } from './state/failure.ts';
import type { Result } from './state/failure.ts';
import type { Clock } from './state/clock.ts';
import { createLaterActivity } from './session-activity-loading.ts';
import { createLaterSessionActions } from './session-later-actions.ts';
import { watchNames, watchVerdicts } from './session-watchers.ts';

export type ScopeDeps = {
  environment: Environment;
  crypto: CryptoEngine;
  stores: AppStoresInside;
  clock: Clock;
  csrfToken: () => string | null;
  onSessionLost: () => void;
  /** The session of this browser is another person's by now. */
  onOtherPerson: () => void;
  onOutdated: () => void;
  /** The vault does not open as it did: true once this tab has the key that another one of this browser made. */
  takeNewVault: () => Promise<boolean>;
};

export type SessionParts = ReturnType<typeof createSessionParts>;

/** Makes every part of a session and ties them together; nothing is loaded or connected yet. */
export const createSessionParts = (deps: ScopeDeps, signedIn: SignedIn) => {
  const { environment, stores, clock } = deps;
  const { storage, timers, tabs } = environment;
  const { crypto } = deps;
  const { userUid } = signedIn.me;
  const { rooms, people } = stores;
  const disposables = createDisposables();

  const link = createSocketLink({
    baseUrl: environment.baseUrl,
    csrfToken: deps.csrfToken,
    ...(environment.socketOptions === undefined ? {} : { options: environment.socketOptions() }),
  });
  const connection = createConnection({
    link,
    timers,
    random: environment.random,
    isNetworkUp: environment.isNetworkUp,
    onSessionLost: deps.onSessionLost,
    onOutdated: deps.onOutdated,
  });
  const { call } = connection;

  const cacheWriter = createRoomCacheWriter({ rooms, storage, userUid, timers });
  const { takeNewVault } = deps;
  const pins = createPinsActions({
    call,
    crypto,
    timers,
    pinsCounter: signedIn.vault.pins.counter,
    takeNewVault,
  });
  const roomReturn = createRoomReturn({ call, crypto });
  /** From now on an older vault under this generation is an attack; a new one is told to the user. */
  const generationSeen = async (generation: string, isNoticed: boolean): Promise<void> => {
    await tryCrypto(() => crypto.noteGeneration(generation));
    if (!isNoticed) return;
    const restore = await call('restore:get', {});
    if (restore.ok) stores.account.patch({ restoredAt: restore.value.restoredAt });
  };
  const mySync = createMySync({ connection, storage, timers, my: stores.my, userUid });
  const sync = createSyncActions({
    my: { rev: () => stores.my.get().rev, apply: mySync.apply },
    connection,
    storage,
    cacheWriter,
    clock,
    timers,
    userUid,
    people,
    rooms,
    account: stores.account,
    presence: stores.presence,
    policiesSeen: (seen) => policies.apply(seen),
    memosSeen: (unread) => memos.synced(unread),
    remindersSeen: (seen) => reminders.synced(seen),
    vaultSeen: pins.seen,
    generationSeen,
    giveBackAll: roomReturn.giveBackAll,
    onOtherPerson: deps.onOtherPerson,
  });
  const policies = createPolicyActions({
    connection,
    policies: stores.policies,
    rooms,
    storage,
    userUid,
    catchUp: (roomUid) => sync.catchUp(roomUid),
  });
  const reminders = followReminders(connection, stores.pins);
  const directory = createDirectoryActions({ call, directory: stores.directory, people });
  const { ensurePeople } = directory;
  const memos = followMemos(connection, stores.memos, ({ memoUid, senderUid }) => {
    // Anybody of the directory may write a memo: their name comes first.
    drop(ensurePeople([senderUid]).then(() => stores.notices.post({ memoUid, senderUid })));
  });
  const { catchUp } = sync;
  const keys = createRoomKeys({
    giveBack: (room) => roomReturn.giveBack(room, room),
    call,
    crypto,
    rooms,
    people,
    ensurePeople,
    catchUp,
    timers,
    meUid: userUid,
  });
  const refreshPeople = async (userUids: readonly string[]): Promise<Result<void>> => {
    const result = await call('people:get', { userUids: [...userUids] });
    if (!result.ok) return result;
    people.update((state) => withPeople(state, result.value.people));
    return succeed(undefined);
  };
  const membership = createMembership({
    call,
    crypto,
    keys,
    rooms,
    people,
    ensurePeople,
    refreshPeople,
    catchUp,
    timers,
  });
  const { joinRequests } = stores;
  const administration = createAdministration({
    connection,
    disposables,
    meUid: userUid,
    call,
    crypto,
    rooms,
    joinRequests,
    membership,
    keys,
    ensurePeople,
    catchUp,
  });
  const reading = createReadActions({ call, rooms, meUid: userUid, timers });
  /** Whom a text calls, by the names as they are now. */
  const mentionsOf = (roomUid: string, text: string): Mentions | undefined => {
    const room = rooms.get().byUid.get(roomUid)?.room;
    return room === undefined ? undefined : mentionsIn(text, callablesOf(room, people.get().byUid), userUid);
  };
  const activity = createLaterActivity({
    connection,
    stores,
    timers,
    crypto,
    keys,
    clock,
    catchUp,
    mentionsOf,
    newUid: environment.newUid,
    meUid: userUid,
  });
  const sealItem = createSealer({ crypto, keys, rooms, clock });
  const outbox = createOutbox({
    store: stores.outbox,
    storage: createOutboxStorage({ storage, crypto, userUid }),
    lease: createLease({ storage, timers, tabId: environment.tabId }, `outbox.${userUid}`),
    timers,
    isOnline: () => connection.state.get().phase === 'online',
    seal: async (item) => {
      await membership.invitationsSettled(item.roomUid);
      return sealItem(item);
    },
    send: (item, envelope) =>
      call('message:send', sendInput(item, envelope, mentionsOf(item.roomUid, item.text))),
    refreshKeys: async (roomUid) => {
      await catchUp(roomUid);
    },
    announce: () => tabs.post({ type: 'outbox-changed', userUid }),
  });
  const drafts = createDraftKeeper({
    drafts: stores.drafts,
    storage,
    crypto,
    userUid,
    timers,
    announce: (roomUid) => tabs.post({ type: 'draft-changed', userUid, roomUid }),
  });
  const history = createHistoryActions({ call, rooms, keys, meUid: userUid });
  const polls = watchMyVotes(connection, stores.polls);
  const notifier = createNotifier({
    rooms,
    meUid: userUid,
    isLookedAt: environment.isLookedAt,
    isWanted: (roomUid, isMention) =>
      isNoticeWanted(stores.my.get().rooms.get(roomUid), clock.now(), isMention),
    callsMe: (message) => callsMe(message, userUid),
    notify: stores.notices.post,
  });
  /** The server asks one member after another; the answer keeps it from asking the next one. */
  const answerRekey = async (roomUid: string, epoch: number): Promise<void> => {
    await call('rekey:working', { roomUid, epoch });
    await catchUp(roomUid);
    // What cannot be made is left to the next member or the next sender.
    await keys.ensureSendable(roomUid);
  };
  const opening = startOpening({ crypto, keys, rooms, timers, lastRowOpened: notifier.rowOpened });
  const { monotonicNow } = environment;
  disposables.add(
    startClockWatch({ timers, monotonicNow, clock, call }),
    cacheWriter.stop,
    pins.stop,
    sync.stop,
    policies.stop,
    memos.stop,
    reminders.stop,
    activity.stop,
    mySync.stop,
    reading.stop,
    drafts.stop,
    polls.stop,
    opening.stop,
    connection.on('vault:updated', pins.seen),
    connection.on('rekey:wanted', ({ roomUid, epoch }) => drop(answerRekey(roomUid, epoch))),
    watchVerdicts(rooms, (roomUid) => outbox.wake(roomUid)),
    watchNames(stores, (roomUid) => drop(keys.accept(roomUid))),
  );
  const messages = createMessageActions({ outbox, rooms, clock, newUid: environment.newUid });
  const { healing, ...laterActions } = createLaterSessionActions({
    connection,
    call,
    crypto,
    keys,
    rooms,
    people,
    ensurePeople,
    catchUp,
    clock,
    timers,
    random: environment.random,
    storage,
    stores,
    userUid,
    meUid: userUid,
    shareKeys: administration.shareKeys,
    send: messages.send,
    mentionsOf,
    onStop: disposables.add,
  });
  const myRooms = createMyRoomActions({
    call,
    my: stores.my,
    lastSeqOf: (roomUid) => rooms.get().byUid.get(roomUid)?.room.lastSeq ?? 0,
  });
  const actions = {
    directory,
    my: myRooms,
    rooms: createRoomActions({
      call,
      crypto,
      keys,
      membership,
      shareKeys: (roomUid) => drop(administration.shareKeys(roomUid)),
      reading,
      my: stores.my,
      myReading: myRooms,
      rooms,
      meUid: userUid,
      newUid: environment.newUid,
      catchUp,
      loadBefore: history.loadBefore,
    }),
    history,
    messages,
    drafts,
    administration,
    ...laterActions,
    ...activity.actions,
    reconnectNow: connection.reconnectNow,
  };
  return {
    mySync,
    opening,
    connection,
    sync,
    outbox,
    drafts,
    notifier,
    polls,
    reading,
    pins,
    policies,
    activity,
    cacheWriter,
    disposables,
    healing,
    actions,
  };
};
