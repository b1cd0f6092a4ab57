/** The whole non-visual client as the views see it: stores to watch and actions to call. `app.ts` puts it together. */
import type { ServerPolicies } from '#contract/policies.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import type { OutboxState } from './connection/outbox-state.ts';
import type { Clock } from './state/clock.ts';
import type { Capabilities } from './state/capabilities.ts';
import type { ReadableStore } from './state/store.ts';
import type { AccountActions } from './features/account/account-actions.ts';
import type { SessionListActions } from './features/account/session-list-actions.ts';
import type { KeyActions } from './features/account/key-actions.ts';
import type { SheetActions } from './features/account/sheet-actions.ts';
import type { AccountState, PendingSheet, SessionsState } from './features/account/account-state.ts';
import type { MemoActions } from './features/memos/memo-actions.ts';
import type { MemosState } from './features/memos/memo-news.ts';
import type { DraftActions } from './features/messages/draft-actions.ts';
import type { DraftsState } from './features/messages/draft-state.ts';
import type { ScheduledActions } from './features/scheduled/scheduled-actions.ts';
import type { ScheduledState } from './features/scheduled/scheduled-state.ts';
import type { EditingActions } from './features/messages/editing-actions.ts';
import type { QuotesState } from './features/messages/quote-state.ts';
import type { HistoryActions } from './features/messages/history-actions.ts';
import type { MessageActions } from './features/messages/message-actions.ts';
import type { IncomingNotice } from './features/notifications/notification-state.ts';
import type { MyRoomActions } from './features/my/my-room-actions.ts';
import type { MyState } from './features/my/my-state.ts';
import type { DirectoryActions } from './features/people/directory-actions.ts';
import type { DirectoryState, PeopleState } from './features/people/person-state.ts';
import type { PresenceActions } from './features/presence/presence-actions.ts';
import type { PinActions } from './features/pins/pin-actions.ts';
import type { PinsState } from './features/pins/pin-news.ts';
import type { PollActions } from './features/polls/poll-actions.ts';
import type { PollsState } from './features/polls/poll-state.ts';
import type { PresenceState } from './features/presence/presence-state.ts';
import type { AdministrationActions } from './features/rooms/administration-actions.ts';
import type { JoinRequestsState } from './features/rooms/join-request-state.ts';
import type { ReactionActions } from './features/reactions/reaction-actions.ts';
import type { RoomActions } from './features/rooms/room-actions.ts';
import type { RoomsState } from './features/rooms/room-state.ts';
import type { DeskActions } from './features/trust/desk-actions.ts';
import type { RecoveryActions } from './features/trust/recovery-actions.ts';
import type { TrustNews } from './features/trust/trust-news.ts';
import type { TypingActions } from './features/typing/typing-actions.ts';
import type { TypingState } from './features/typing/typing-state.ts';
import type { Preferences } from './features/tabs/tab-state.ts';
import type { PreferenceActions } from './features/tabs/preference-actions.ts';

export type AppStores = {
  connection: ReadableStore<ConnectionState>;
  account: ReadableStore<AccountState>;
  /** A new recovery sheet on screen, not stored yet; null otherwise. */
  pendingSheet: ReadableStore<PendingSheet | null>;
  sessions: ReadableStore<SessionsState>;
  people: ReadableStore<PeopleState>;
  directory: ReadableStore<DirectoryState>;
  presence: ReadableStore<PresenceState>;
  rooms: ReadableStore<RoomsState>;
  outbox: ReadableStore<OutboxState>;
  drafts: ReadableStore<DraftsState>;
  /** My own votes. */
  polls: ReadableStore<PollsState>;
  /** My messages that wait for their time. */
  scheduled: ReadableStore<ScheduledState>;
  /** Messages that are replied to, where they are not among the rows on screen. */
  quotes: ReadableStore<QuotesState>;
  /** My settings of rooms, my saved and hidden messages. */
  my: ReadableStore<MyState>;
  memos: ReadableStore<MemosState>;
  /** Reminders of notices; pins and notices of the rooms that were looked at. */
  pins: ReadableStore<PinsState>;
  /** What the administrator decided for everybody. */
  policies: ReadableStore<ServerPolicies>;
  /** Who asks to join my groups, and what became of my own requests. */
  joinRequests: ReadableStore<JoinRequestsState>;
  /** Whom I verified, and what the last rehearsal of a recovery found. */
  trust: ReadableStore<TrustNews>;
  typing: ReadableStore<TypingState>;
  waitingPeople: ReadableStore<number>;
  preferences: ReadableStore<Preferences>;
};

export type AppActions = {
  account: AccountActions;
  sheet: SheetActions;
  /** Ways back in, another password, a sheet found later: the code comes with the dialog; rejects without the server. */
  loadKeys: () => Promise<KeyActions>;
  sessions: SessionListActions;
  directory: DirectoryActions;
  rooms: RoomActions;
  /** My own settings of rooms. */
  my: MyRoomActions;
  /** Paging and jumping within a room. */
  history: HistoryActions;
  /** Sending, retrying, discarding. */
  messages: MessageActions;
  drafts: DraftActions;
  /** Editing, recalling, saving, hiding, forwarding. */
  editing: EditingActions;
  scheduled: ScheduledActions;
  reactions: ReactionActions;
  polls: PollActions;
  memos: MemoActions;
  pins: PinActions;
  /** Running groups, finding groups, asking to join them. */
  administration: AdministrationActions;
  recovery: RecoveryActions;
  trust: DeskActions;
  presence: PresenceActions;
  typing: Pick<TypingActions, 'typed' | 'sent'>;
  preferences: PreferenceActions;
  /** "Try again now" in the reconnecting banner. */
  reconnectNow: () => void;
};

export type App = {
  stores: AppStores;
  actions: AppActions;
  /** Server-adjusted time. */
  clock: Clock;
  capabilities: Capabilities;
  /** False if this browser refuses storage (private window): a lasting notice says that nothing survives a reload. */
  isStorageDurable: boolean;
  /** For in-page toasts: a memo, or a message from somebody else in a room that is not on screen. */
  onIncoming: (listener: (notice: IncomingNotice) => void) => () => void;
};
