/** What the client needs from the world around it. `main.ts` takes it from the browser, tests bring their own. */
import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import type { ServerPolicies } from '#contract/policies.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import type { OutboxState } from './connection/outbox-state.ts';
import type { CryptoEngine, CryptoEngineDeps } from './crypto/index.ts';
import type { AccountState, PendingSheet, SessionsState } from './features/account/account-state.ts';
import type { MemosState } from './features/memos/memo-news.ts';
import type { ScheduledState } from './features/scheduled/scheduled-state.ts';
import type { QuotesState } from './features/messages/quote-state.ts';
import type { DraftsState } from './features/messages/draft-state.ts';
import type { IncomingNotice } from './features/notifications/notification-state.ts';
import type { MyState } from './features/my/my-state.ts';
import type { DirectoryState, PeopleState } from './features/people/person-state.ts';
import type { PinsState } from './features/pins/pin-news.ts';
import type { PollsState } from './features/polls/poll-state.ts';
import type { PresenceState } from './features/presence/presence-state.ts';
import type { JoinRequestsState } from './features/rooms/join-request-state.ts';
import type { RoomsState } from './features/rooms/room-state.ts';
import type { PreferenceStorage } from './features/tabs/preference-actions.ts';
import type { TabChannel } from './features/tabs/tab-channel.ts';
import type { TrustNews } from './features/trust/trust-news.ts';
import type { TypingState } from './features/typing/typing-state.ts';
import type { Preferences } from './features/tabs/tab-state.ts';
import type { Capabilities } from './state/capabilities.ts';
import type { Store } from './state/store.ts';
import type { Timers } from './state/timers.ts';
import type { ClientStorage } from './storage/client-storage.ts';

/** What the engine asks of the page; the app gives it once the engine is made. */
export type CryptoPageSide = Pick<
  CryptoEngineDeps,
  'storage' | 'fetchRecords' | 'fetchStatements' | 'pinsChanged'
>;

export type Environment = {
  /** Empty in a browser: same origin. */
  baseUrl: string;
  fetch: typeof fetch;
  /** Cookies outside a browser. */
  socketOptions?: () => Partial<ManagerOptions & SocketOptions>;
  storage: ClientStorage;
  createCrypto: (page: CryptoPageSide) => CryptoEngine;
  tabs: TabChannel;
  tabId: string;
  preferenceStorage: PreferenceStorage | null;
  languages: readonly string[];
  capabilities: Capabilities;
  timers: Timers;
  /** Milliseconds that only ever go forward, whatever is done to the clock. */
  monotonicNow: () => number;
  /** [0, 1), for jitter only. */
  random: () => number;
  /** 22 characters of random base64url. */
  newUid: () => string;
  /** A random whole number below n. */
  pick: (below: number) => number;
  isNetworkUp: () => boolean;
  /** The page is visible and has the focus. */
  isLookedAt: () => boolean;
  /** Reloads the page; drafts are stored already. */
  reload: () => void;
};

/** A list of listeners for things that are told once and not kept. */
export type Notices = {
  post: (notice: IncomingNotice) => void;
  listen: (listener: (notice: IncomingNotice) => void) => () => void;
};

/** The stores as their owners see them: writable. */
export type AppStoresInside = {
  connection: Store<ConnectionState>;
  account: Store<AccountState>;
  pendingSheet: Store<PendingSheet | null>;
  sessions: Store<SessionsState>;
  people: Store<PeopleState>;
  directory: Store<DirectoryState>;
  presence: Store<PresenceState>;
  rooms: Store<RoomsState>;
  outbox: Store<OutboxState>;
  drafts: Store<DraftsState>;
  polls: Store<PollsState>;
  my: Store<MyState>;
  memos: Store<MemosState>;
  pins: Store<PinsState>;
  joinRequests: Store<JoinRequestsState>;
  quotes: Store<QuotesState>;
  scheduled: Store<ScheduledState>;
  policies: Store<ServerPolicies>;
  trust: Store<TrustNews>;
  typing: Store<TypingState>;
  /** Accounts that wait to be let in, as far as I may let them in. */
  waitingPeople: Store<number>;
  preferences: Store<Preferences>;
  notices: Notices;
};
