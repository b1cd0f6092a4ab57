/** An `App` of made-up state for each scene: every view can be looked at without a server. */
import type { App } from '../../../static/app-types.ts';
import type { AccountState } from '../../../static/features/account/account-state.ts';
import { initialAccountState } from '../../../static/features/account/account-state.ts';
import { emptyMy } from '../../../static/features/my/my-state.ts';
import { noJoinRequests } from '../../../static/features/rooms/join-request-state.ts';
import { noMemos } from '../../../static/features/memos/memo-news.ts';
import { noPins } from '../../../static/features/pins/pin-news.ts';
import { emptyPolls } from '../../../static/features/polls/poll-state.ts';
import { emptyPresence, knownPresence } from '../../../static/features/presence/presence-state.ts';
import type { RoomReason } from '../../../static/crypto/index.ts';
import type { Preferences } from '../../../static/features/tabs/tab-state.ts';
import type { RoomEntry } from '../../../static/features/rooms/room-state.ts';
import { describeCapabilities } from '../../../static/state/capabilities.ts';
import { fail, succeed } from '../../../static/state/failure.ts';
import { createStore } from '../../../static/state/store.ts';
import { madeUpDesk, trustNewsOf } from './made-up-trust.ts';
import {
  directUid,
  hugeEntry,
  madeUpRooms,
  me,
  now,
  people,
  held,
  teamUid,
  uid,
  unsent,
} from './made-up-state.ts';

const groups = ['7K3M', 'Q0RT', 'A9WX', '4HJN', 'V2PC', 'ZD8E', '51GS', 'YB6F', 'M3T0'];

const accountOf = (scene: string): AccountState => {
  const serverInfo = {
    contractVersion: 1,
    serverTime: now,
    generation: 'g',
    isSetUpNeeded: scene === 'first' || scene === 'sign-up-busy',
    isSetUpCodeNeeded: true,
    signUp: 'open' as const,
    passwordMin: 10,
  };
  const base = { ...initialAccountState(), serverInfo, keysChangedAt: now - 86_400_000 };
  const sheet = { username: 'jimin.han', sheetGroups: groups, askedGroups: [1, 6] as const };
  switch (scene) {
    case 'boot':
      return { ...base, phase: { name: 'starting', failure: null } };
    case 'boot-down':
      return { ...base, phase: { name: 'starting', failure: fail('OFFLINE') } };
    case 'sign-in':
    case 'first':
      return { ...base, phase: { name: 'signed-out', endReason: null, isBusy: false } };
    case 'sign-in-busy':
      return { ...base, phase: { name: 'signed-out', endReason: null, isBusy: true } };
    case 'ended':
      return { ...base, phase: { name: 'signed-out', endReason: 'revoked', isBusy: false } };
    case 'sign-up-busy':
      return { ...base, phase: { name: 'signing-up', signUp: { step: 'preparing' } } };
    case 'sheet':
      return { ...base, phase: { name: 'signing-up', signUp: { step: 'sheet', ...sheet } } };
    case 'locked':
      return { ...base, phase: { name: 'locked', me, isBusy: false } };
    default:
      return {
        ...base,
        isSheetUnconfirmed: scene === 'red-light',
        phase: {
          name: 'signed-in',
          // Only after a reset are there old keys to be found again.
          me: scene === 'old-sheet' ? { ...me, identityVersion: 2 } : me,
          sessionUid: uid('session'),
        },
      };
  }
};

const heldBy: Partial<Record<string, RoomReason>> = {
  quarantined: 'PIN_CONFLICT',
  forked: 'FORK',
  'waiting-own': 'OWN_VERSION_OLD',
};

const roomsOf = (scene: string): RoomEntry[] => {
  if (scene === 'empty' || scene === 'loading') return [];
  const rooms = madeUpRooms();
  if (scene === 'huge') return [hugeEntry(100_000), ...rooms];
  const reason = heldBy[scene];
  if (reason === undefined) return rooms;
  return rooms.map((entry) => (entry.room.roomUid === teamUid ? held(entry, reason) : entry));
};

/** `openRoomUid` is what the scene shows first. */
export type MadeUpApp = { app: App; openRoomUid: string | null };

export function createMadeUpApp(scene: string, preferences: Preferences): MadeUpApp {
  const rooms = createStore({
    byUid: new Map(roomsOf(scene).map((entry) => [entry.room.roomUid, entry])),
    isLoaded: scene !== 'loading',
    openRoomUid: null as string | null,
  });
  const account = createStore(accountOf(scene));
  const preferenceStore = createStore(preferences);
  const drafts = createStore({
    textByRoom: new Map([[uid('alex'), 'Could you send me the']]),
    isLoaded: true,
  });
  const directory = createStore({ query: '', people, hasMore: false, isLoading: false, failure: null });
  const outbox = createStore({ items: scene === 'unsent' ? unsent : [], isDurable: scene !== 'offline' });
  const done = () => Promise.resolve(succeed(undefined));
  const nothing = () => Promise.resolve();
  const app: App = {
    stores: {
      connection: createStore(
        scene === 'offline'
          ? { phase: 'reconnecting' as const, attempt: 3, nextAttemptAt: Date.now() + 9_000 }
          : { phase: 'online' as const },
      ),
      account,
      my: createStore(emptyMy()),
      memos: createStore(noMemos()),
      pins: createStore(noPins()),
      polls: createStore(emptyPolls()),
      joinRequests: createStore(noJoinRequests()),
      pendingSheet: createStore(null),
      sessions: createStore({
        isLoading: false,
        failure: null,
        sessions: [
          {
            sessionUid: uid('session'),
            userAgent:
              'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36',
            address: '192.168.0.31',
            createdAt: now,
            lastUsedAt: now,
            isCurrent: true,
          },
          {
            sessionUid: uid('phone'),
            userAgent:
              'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1',
            address: '192.168.0.77',
            createdAt: now,
            lastUsedAt: now - 86_400_000,
            isCurrent: false,
          },
        ],
      }),
      people: createStore({ byUid: new Map(people.map((person) => [person.userUid, person])) }),
      directory,
      presence: createStore(
        scene === 'offline'
          ? emptyPresence()
          : knownPresence(['doyun.kim', 'yujin.seo', 'minsu.kim', 'alex'].map(uid), [uid('yujin.seo')]),
      ),
      rooms,
      outbox,
      drafts,
      quotes: createStore(new Map()),
      scheduled: createStore({ isLoaded: true, byId: new Map() }),
      policies: createStore({ readReceipts: 'everyone' as const, recallHours: 24 }),
      trust: createStore(trustNewsOf(scene)),
      waitingPeople: createStore(0),
      typing: createStore({ uidsByRoom: new Map([[teamUid, [uid('doyun.kim')]]]) }),
      preferences: preferenceStore,
    },
    actions: {
      account: {
        start: nothing,
        refreshServerInfo: done,
        checkName: (name) => Promise.resolve(name === 'admin' ? fail('NAME_TAKEN') : succeed(name)),
        signUp: () => Promise.resolve(fail('WEAK_PASSWORD')),
        confirmSheet: () => Promise.resolve(fail('SHEET_MISMATCH')),
        confirmSheetLater: done,
        cancelSignUp: () => undefined,
        signIn: () => Promise.resolve(fail('LOCKED_OUT', { retryAfterMs: 30_000 })),
        unlock: () => Promise.resolve(fail('WRONG_KEY')),
        signOut: done,
        updateProfile: done,
        leaveWaiting: () => undefined,
        closeRestoreNotice: () => undefined,
        deleteAccount: () => Promise.resolve(fail('WRONG_PASSWORD')),
      },
      sheet: {
        replaceSheet: () => Promise.resolve(fail('WRONG_PASSWORD')),
        confirmNewSheet: done,
        cancelNewSheet: () => undefined,
      },
      loadKeys: () =>
        Promise.resolve({
          openWithSheet: () => Promise.resolve(fail('RECOVERY_WRONG')),
          openWithCode: (username) => Promise.resolve(succeed({ username, displayName: '김도윤' })),
          choosePassword: () => Promise.resolve(succeed({ sheetGroups: groups, askedGroups: [2, 5] })),
          finishReentry: () => Promise.resolve(fail('TIMED_OUT')),
          cancelReentry: () => undefined,
          changePassword: () => Promise.resolve(fail('WRONG_PASSWORD')),
          listOldVaults: () => Promise.resolve(succeed([{ identityVersion: 1, keptAt: now }])),
          mergeOldSheet: () => Promise.resolve(fail('RECOVERY_WRONG')),
          takeNewVault: done,
        }),
      sessions: { load: nothing, revoke: done },
      directory: { search: nothing, loadMore: nothing, ensurePeople: nothing },
      rooms: {
        open: (roomUid) => rooms.patch({ openRoomUid: roomUid }),
        close: () => rooms.patch({ openRoomUid: null }),
        createDirect: () => Promise.resolve(succeed({ roomUid: directUid })),
        createGroup: () => Promise.resolve(succeed({ roomUid: teamUid })),
        invite: done,
        kick: done,
        leave: done,
        rename: done,
        rowSeen: () => undefined,
        acknowledgeName: done,
        acknowledgeTitle: done,
        recheckKeys: nothing,
      },
      my: { change: done, orderFavourites: done },
      history: {
        loadBefore: nothing,
        loadAfter: nothing,
        jumpTo: () => Promise.resolve(true),
        jumpToLatest: () => undefined,
      },
      messages: {
        send: () => Promise.resolve(succeed({ clientId: uid('new') })),
        retry: nothing,
        discard: nothing,
        sendPoll: () => Promise.resolve(succeed({ clientId: uid('new') })),
        takeBack: () => Promise.resolve(null),
      },
      scheduled: { schedule: done, change: done, cancel: done, refresh: done },
      editing: {
        edit: done,
        recall: done,
        save: done,
        hide: done,
        forward: done,
        versions: () => Promise.resolve(succeed([])),
        look: () => Promise.resolve(fail('OFFLINE')),
        mentions: () => Promise.resolve(succeed({ mentions: [], hasMore: false })),
        quote: done,
      },
      reactions: {
        read: () => Promise.resolve(succeed(new Map())),
        toggle: () => Promise.resolve(succeed({ isOn: true })),
      },
      memos: {
        list: async () => succeed({ entries: [], hasMore: false }),
        get: async () => fail('NOT_FOUND'),
        open: async () => fail('NOT_FOUND'),
        send: async () => succeed({ isAsWritten: true }),
        recall: async () => fail('NOT_FOUND'),
        remove: async () => succeed(undefined),
        reschedule: async () => succeed(undefined),
      },
      pins: {
        load: done,
        pin: done,
        raise: done,
        acknowledge: done,
        readers: () => Promise.resolve(succeed({ acknowledged: [], waiting: [], remindedAt: null })),
        remind: () => Promise.resolve(succeed({ remindedAt: now, people: 0 })),
        fold: done,
      },
      polls: {
        vote: done,
        close: done,
        look: done,
        voters: () => Promise.resolve(succeed([])),
        list: () => Promise.resolve(succeed({ entries: [], hasMore: false })),
      },
      administration: {
        describe: done,
        setPicture: done,
        setPolicies: done,
        setRole: done,
        handOver: done,
        setHistory: done,
        audit: () => Promise.resolve(succeed({ entries: [], hasMore: false })),
        discover: () => Promise.resolve(succeed({ rooms: [], hasMore: false })),
        ask: done,
        withdraw: done,
        decline: done,
        loadRequests: done,
        shareKeys: done,
        refreshKeys: done,
        watch: done,
      },
      recovery: { watch: done, rehearse: done },
      trust: madeUpDesk(scene),
      drafts: { set: () => undefined, flush: nothing },
      presence: { look: () => undefined, report: () => undefined },
      typing: { typed: () => undefined, sent: () => undefined },
      preferences: { change: (part) => preferenceStore.patch(part) },
      reconnectNow: () => undefined,
    },
    clock: { now: () => now, adjust: () => undefined },
    capabilities: describeCapabilities({
      isSecureContext: false,
      hasSubtleCrypto: false,
      hasNotifications: false,
      hasClipboard: false,
      hasServiceWorker: false,
      hasBroadcastChannel: true,
      hasLocalStorage: true,
      isStorageDurable: true,
      hasWebSocket: true,
      hasAudio: true,
    }),
    isStorageDurable: true,
    onIncoming: () => () => undefined,
  };
  const withoutRoom = new Set(['empty', 'loading', 'list', 'red-light', 'unsound', 'old-sheet']);
  const first = scene === 'huge' ? uid('huge') : teamUid;
  return { app, openRoomUid: withoutRoom.has(scene) ? null : first };
}
