/** The composition root of the client: stores, actions, and the session scope that comes and goes with a sign-in. */
import type { SignedIn } from '#contract/accounts.ts';
import type { App, AppActions } from './app-types.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import { createHttpCall } from './connection/http-call.ts';
import type { HttpCall } from './connection/http-call.ts';
import { emptyOutbox } from './connection/outbox-state.ts';
import type { AppStoresInside, CryptoPageSide, Environment, Notices } from './environment.ts';
import { createAccountActions } from './features/account/account-actions.ts';
import { initialAccountState, meUidOf } from './features/account/account-state.ts';
import type {
  AccountState,
  PendingSheet,
  SessionEndReason,
  SessionsState,
} from './features/account/account-state.ts';
import { createLaterApproval } from './features/account/approval-loading.ts';
import { createLaterSheet, createLaterSignUp } from './features/account/key-making-loading.ts';
import { createAccountSession } from './features/account/session-actions.ts';
import { createSessionListActions } from './features/account/session-list-actions.ts';
import type { KeyActions } from './features/account/key-actions.ts';
import type { ScheduledState } from './features/scheduled/scheduled-state.ts';
import type { QuotesState } from './features/messages/quote-state.ts';
import { emptyDrafts } from './features/messages/draft-state.ts';
import { noMemos } from './features/memos/memo-news.ts';
import type { IncomingNotice } from './features/notifications/notification-state.ts';
import { emptyMy } from './features/my/my-state.ts';
import { emptyDirectory, emptyPeople } from './features/people/person-state.ts';
import { noPins } from './features/pins/pin-news.ts';
import { emptyPolls } from './features/polls/poll-state.ts';
import { emptyPresence } from './features/presence/presence-state.ts';
import { unknownPolicies } from './features/policies/policy-state.ts';
import { noJoinRequests } from './features/rooms/join-request-state.ts';
import { emptyRooms } from './features/rooms/room-state.ts';
import { createPreferenceActions, preferencesKey } from './features/tabs/preference-actions.ts';
import { readPreferences } from './features/tabs/tab-state.ts';
import { noTrustNews } from './features/trust/trust-news.ts';
import { emptyTyping } from './features/typing/typing-state.ts';
import { createClock } from './state/clock.ts';
import { drop } from './state/drop.ts';
import { createStore } from './state/store.ts';
import type { SessionScope } from './session-scope.ts';

/** The client with what only the page itself needs. */
export type RunningApp = App & {
  start: () => Promise<void>;
  /** The page became visible, or the network came back. */
  wakeUp: () => void;
  /** The page hides: what waits to be stored is stored. */
  flush: () => Promise<void>;
  /** Ends the connection and all timers without signing out. */
  close: () => Promise<void>;
};

const httpTimeoutMs = 20_000;

export const createApp = (environment: Environment): RunningApp => {
  const stores = createStores(environment);
  const clock = createClock(environment.timers.now);
  let scope: SessionScope | null = null;

  const http: HttpCall = createHttpCall({
    baseUrl: environment.baseUrl,
    fetch: environment.fetch,
    csrfToken: () => session.csrfToken(),
    timeoutMs: httpTimeoutMs,
  });
  const crypto = environment.createCrypto(pageSide(environment, http, () => scope?.pinsChanged()));

  const reloadSoftly = async (): Promise<void> => {
    await scope?.flush();
    environment.reload();
  };
  const endSession = (reason: SessionEndReason, of: string): void => {
    // `signed-out`: by the user, in another tab of this browser, which wipes; what this tab stored since goes, too.
    const isWiped = reason === 'account-deleted' || reason === 'signed-out';
    drop(session.end({ reason, of, isWiped, isServerReachable: false }));
  };
  /** Another tab of this browser changed the vault key. */
  const takeNewVault = async (): Promise<boolean> => {
    const keys = await loadKeys().catch(() => null);
    return (await keys?.takeNewVault())?.ok === true;
  };
  const onOutdated = (): void => {
    stores.connection.set({ phase: 'outdated' });
    drop(reloadSoftly());
  };

  const run = async (signedIn: SignedIn): Promise<SessionScope> => {
    // A chunk of its own: the sign-in form is there without sockets, outbox and rooms.
    const { startSessionScope } = (await import('./signed-in.ts')).signedInParts;
    const started = await startSessionScope(
      {
        environment,
        crypto,
        stores,
        clock,
        onOutdated,
        csrfToken: () => session.csrfToken(),
        onSessionLost: () => endSession('expired', signedIn.sessionUid),
        onOtherPerson: () => drop(reloadSoftly()),
        takeNewVault,
      },
      signedIn,
    );
    started.connection.on('session:ended', ({ reason }) => endSession(reason, signedIn.sessionUid));
    scope = started;
    return started;
  };
  const { account, pendingSheet } = stores;
  const { storage, tabs, newUid, pick, timers, random } = environment;
  const announceVaultKey = (userUid: string): void => tabs.post({ type: 'vault-changed', userUid });
  const session = createAccountSession({ account, storage, crypto, run, announceVaultKey });
  const announceSignIn = (userUid: string): void => tabs.post({ type: 'signed-in', userUid });
  const approval = createLaterApproval(async () => {
    const { createApprovalWait } = await import('./features/account/approval-wait.ts');
    return createApprovalWait({ http, account, session, storage, timers });
  });
  const accountActions = {
    ...createAccountActions({
      http,
      account,
      storage,
      crypto,
      session,
      approval,
      timers,
      random,
      onOutdated,
      announce: tabs.post,
    }),
    ...createLaterSignUp(account, async () => {
      const { createSignUpActions } = await import('./features/account/sign-up-actions.ts');
      return createSignUpActions({ http, account, crypto, session, approval, newUid, pick, announceSignIn });
    }),
  };
  const loadKeys = async (): Promise<KeyActions> => {
    const { createKeyActions } = await import('./features/account/key-actions.ts');
    const reload = reloadSoftly;
    return createKeyActions({ http, account, storage, crypto, session, pick, announceSignIn, reload });
  };
  followOtherTabs(environment, stores, {
    settled: session.settled,
    // Wiped here, too: this tab may have stored something after the other one had wiped.
    signedOut: (of) => drop(session.end({ reason: null, of, isWiped: true, isServerReachable: false })),
    vaultChanged: () => drop(takeNewVault()),
    signedIn: () => drop(accountActions.start()),
    otherPerson: () => drop(reloadSoftly()),
  });

  const signedInScope = (): SessionScope => {
    if (scope === null) throw new Error('nobody has signed in yet');
    return scope;
  };
  const actions: AppActions = {
    account: accountActions,
    sheet: createLaterSheet(async () => {
      const { createSheetActions } = await import('./features/account/sheet-actions.ts');
      return createSheetActions({ http, account, pendingSheet, crypto, session, pick });
    }),
    loadKeys,
    sessions: createSessionListActions({ http, sessions: stores.sessions }),
    preferences: createPreferenceActions({
      preferences: stores.preferences,
      storage: environment.preferenceStorage,
      tabs,
    }),
    // Made anew at each sign-in; views that use them exist only while somebody is signed in.
    get directory() {
      return signedInScope().actions.directory;
    },
    get rooms() {
      return signedInScope().actions.rooms;
    },
    get my() {
      return signedInScope().actions.my;
    },
    get history() {
      return signedInScope().actions.history;
    },
    get messages() {
      return signedInScope().actions.messages;
    },
    get polls() {
      return signedInScope().actions.polls;
    },
    get administration() {
      return signedInScope().actions.administration;
    },
    get reactions() {
      return signedInScope().actions.reactions;
    },
    get scheduled() {
      return signedInScope().actions.scheduled;
    },
    get editing() {
      return signedInScope().actions.editing;
    },
    get memos() {
      return signedInScope().actions.memos;
    },
    get pins() {
      return signedInScope().actions.pins;
    },
    get drafts() {
      return signedInScope().actions.drafts;
    },
    get trust() {
      return signedInScope().actions.trust;
    },
    get recovery() {
      return signedInScope().actions.recovery;
    },
    get presence() {
      return signedInScope().actions.presence;
    },
    get typing() {
      return signedInScope().actions.typing;
    },
    reconnectNow: () => scope?.actions.reconnectNow(),
  };
  return {
    stores,
    actions,
    clock,
    capabilities: environment.capabilities,
    isStorageDurable: storage.isDurable,
    onIncoming: stores.notices.listen,
    start: accountActions.start,
    wakeUp: () => {
      approval.wakeUp();
      scope?.wakeUp();
    },
    flush: async () => scope?.flush(),
    close: async () => {
      approval.stop();
      await scope?.end({ isServerReachable: false });
    },
  };
};

const createStores = (environment: Environment): AppStoresInside => {
  const stored = environment.preferenceStorage?.getItem(preferencesKey) ?? null;
  return {
    connection: createStore<ConnectionState>({ phase: 'signed-out' }),
    account: createStore<AccountState>(initialAccountState()),
    pendingSheet: createStore<PendingSheet | null>(null),
    sessions: createStore<SessionsState>({ sessions: [], isLoading: false, failure: null }),
    people: createStore(emptyPeople()),
    directory: createStore(emptyDirectory()),
    presence: createStore(emptyPresence()),
    rooms: createStore(emptyRooms()),
    outbox: createStore({ ...emptyOutbox(), isDurable: environment.storage.isDurable }),
    drafts: createStore(emptyDrafts()),
    polls: createStore(emptyPolls()),
    my: createStore(emptyMy()),
    memos: createStore(noMemos()),
    pins: createStore(noPins()),
    joinRequests: createStore(noJoinRequests()),
    quotes: createStore<QuotesState>(new Map()),
    scheduled: createStore<ScheduledState>({ isLoaded: false, byId: new Map() }),
    policies: createStore(unknownPolicies),
    trust: createStore(noTrustNews()),
    typing: createStore(emptyTyping()),
    waitingPeople: createStore(0),
    preferences: createStore(readPreferences(stored, environment.languages)),
    notices: createNotices(),
  };
};

const createNotices = (): Notices => {
  const listeners = new Set<(notice: IncomingNotice) => void>();
  return {
    post: (notice) => {
      for (const listener of listeners) listener(notice);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** What the engine may ask: its own small storage, records and statements. A failed fetch gives nothing, not an error. */
const pageSide = ({ storage }: Environment, http: HttpCall, pinsChanged: () => void): CryptoPageSide => ({
  storage: {
    get: (key) => storage.getValue(key),
    put: (key, value) => storage.putValue(key, value),
  },
  fetchRecords: async (roomUid, from, to) => {
    const result = await http('epoch:list', { roomUid, from, to });
    return result.ok ? result.value.epochs : [];
  },
  fetchStatements: async (people) => {
    const result = await http('identity:get', { people });
    return result.ok ? result.value.statements : [];
  },
  pinsChanged,
});

/** A sign-out in one tab is one in all; a sign-in is taken over by tabs that show the form. */
const followOtherTabs = (
  { tabs }: Environment,
  { account }: AppStoresInside,
  on: {
    /** Nothing is ending in this tab any more. */
    settled: () => Promise<void>;
    signedOut: (sessionUid: string) => void;
    signedIn: () => void;
    vaultChanged: () => void;
    otherPerson: () => void;
  },
): void => {
  const signedIn = async (userUid: string): Promise<void> => {
    await on.settled();
    const { phase } = account.get();
    const meUid = meUidOf(account.get());
    // Somebody else signed in with this browser's one cookie: nothing on this page is true any more.
    if (meUid !== null && meUid !== userUid) on.otherPerson();
    else if (phase.name === 'starting' || (phase.name === 'signed-out' && !phase.isBusy)) on.signedIn();
  };
  tabs.listen((message) => {
    const { phase } = account.get();
    if (message.type === 'signed-in') drop(signedIn(message.userUid));
    if (!('userUid' in message) || meUidOf(account.get()) !== message.userUid) return;
    if (message.type === 'signed-out') on.signedOut(message.sessionUid);
    // A page that asks for the password opens itself with the key that is kept now.
    if (message.type === 'vault-changed') (phase.name === 'locked' ? on.signedIn : on.vaultChanged)();
  });
};
